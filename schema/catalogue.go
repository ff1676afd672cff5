package schema

// Catalogue returns a registry of the event types of a practice management
// system: those of the four families, each with the members that it usually
// carries and their classes. Each call returns a new one, for the caller to add
// its own types to.
func Catalogue() *Registry {
	r := NewRegistry()
	for _, e := range crudEntities {
		for _, op := range [...]Operation{Created, Read, Updated, Deleted} {
			info := TypeInfo{
				Name: e.name + "." + string(op), Kind: KindCRUD, DataClass: e.class, Record: e.record,
				Description: e.what + " was " + string(op) + ".",
			}
			if op == Deleted {
				info.Severity = SeverityMedium
			}
			Register[CRUD](r, info)
		}
	}
	for _, t := range authTypes {
		Register[Auth](r, t.info(KindAuth, DataConfidential, authRecord{}))
	}
	for _, t := range systemTypes {
		Register[System](r, t.info(KindSystem, DataInternal, systemRecord{}))
	}
	for _, t := range businessTypes {
		process, _ := cutLast(t.name)
		Register[Business](r, t.info(KindBusiness, DataConfidential, businessRecords[process]))
	}
	return r
}

// crudEntities are the records whose life the catalogue follows.
var crudEntities = []struct {
	name, what string
	class      DataClass
	record     any
}{
	{"user", "A user account", DataConfidential, userRecord{}},
	{"patient", "A patient's record", DataRestricted, patientRecord{}},
	{"clinician", "A clinician's profile", DataConfidential, clinicianRecord{}},
	{"practice", "A practice", DataInternal, practiceRecord{}},
	{"appointment", "An appointment", DataRestricted, appointmentRecord{}},
	{"note", "A clinical note's metadata", DataRestricted, noteRecord{}},
	{"treatment_plan", "A treatment plan", DataRestricted, treatmentPlanRecord{}},
	{"assessment", "An assessment", DataRestricted, assessmentRecord{}},
	{"medication", "A medication entry", DataRestricted, medicationRecord{}},
	{"consent", "A consent", DataRestricted, consentRecord{}},
	{"document", "A document's metadata", DataRestricted, documentRecord{}},
	{"message", "A secure message's metadata", DataRestricted, messageRecord{}},
	{"invoice", "An invoice", DataConfidential, invoiceRecord{}},
	{"payment", "A payment", DataConfidential, paymentRecord{}},
	{"claim", "An insurance claim", DataRestricted, claimRecord{}},
	{"coverage", "An insurance coverage", DataRestricted, coverageRecord{}},
	{"session", "A treatment session", DataRestricted, sessionRecord{}},
	{"referral", "A referral", DataRestricted, referralRecord{}},
	{"task", "A task", DataInternal, taskRecord{}},
}

type catalogueEntry struct {
	name        string
	severity    Severity
	description string
	aliases     []string
}

func (t catalogueEntry) info(kind Kind, class DataClass, record any) TypeInfo {
	return TypeInfo{
		Name: t.name, Kind: kind, Description: t.description,
		Severity: t.severity, DataClass: class, Aliases: t.aliases, Record: record,
	}
}

var authTypes = []catalogueEntry{
	{"auth.login", SeverityLow, "Someone tried to sign in.", []string{"user.login"}},
	{"auth.logout", SeverityLow, "A session was ended by its user.", []string{"user.logout"}},
	{"auth.mfa", SeverityLow, "A second factor was asked for or given.", nil},
	{"auth.lockout", SeverityHigh, "An account was locked.", []string{"user.locked"}},
	{"auth.password", SeverityMedium, "A password was changed or reset.", nil},
	{"auth.permission", SeverityMedium, "A permission was granted, withdrawn or refused.", nil},
	{"auth.token", SeverityMedium, "An access token or API key was issued, used or withdrawn.", nil},
	{"auth.emergency_access", SeverityCritical, "Someone used emergency access (45 CFR 164.312(a)(2)(ii)).", nil},
}

var systemTypes = []catalogueEntry{
	{"system.health", SeverityLow, "A component reported its health.", nil},
	{"system.deploy", SeverityMedium, "A version was deployed or rolled back.", nil},
	{"system.backup", SeverityMedium, "A backup ended.", nil},
	{"system.error", SeverityHigh, "A component failed.", nil},
	{"system.config", SeverityMedium, "A setting was changed.", nil},
	{"system.job", SeverityLow, "A scheduled job ended.", nil},
	{"system.integration", SeverityMedium, "A connection to another system changed its state.", nil},
}

var businessTypes = []catalogueEntry{
	{"appointment.booked", SeverityLow, "An appointment was booked.", nil},
	{"appointment.confirmed", SeverityLow, "An appointment was confirmed.", nil},
	{"appointment.rescheduled", SeverityLow, "An appointment was moved.", nil},
	{"appointment.cancelled", SeverityLow, "An appointment was cancelled.", nil},
	{"appointment.completed", SeverityLow, "An appointment took place.", nil},
	{"appointment.missed", SeverityMedium, "A patient did not come.", nil},
	{"intake.started", SeverityLow, "A patient began the intake forms.", nil},
	{"intake.completed", SeverityLow, "A patient completed the intake forms.", nil},
	{"note.signed", SeverityLow, "A clinician signed a note.", nil},
	{"consent.granted", SeverityLow, "A patient gave a consent.", nil},
	{"consent.revoked", SeverityMedium, "A patient withdrew a consent.", nil},
	{"invoice.issued", SeverityLow, "An invoice was sent.", nil},
	{"invoice.paid", SeverityLow, "An invoice was paid.", nil},
	{"invoice.overdue", SeverityMedium, "An invoice went past its due date.", nil},
	{"payment.received", SeverityLow, "A payment came in.", nil},
	{"payment.refunded", SeverityMedium, "A payment was given back.", nil},
	{"payment.failed", SeverityMedium, "A payment did not go through.", nil},
	{"claim.submitted", SeverityLow, "A claim was sent to a payer.", nil},
	{"claim.paid", SeverityLow, "A payer paid a claim.", nil},
	{"claim.rejected", SeverityMedium, "A payer rejected a claim.", nil},
	{"referral.received", SeverityLow, "A referral came in.", nil},
	{"risk.flagged", SeverityCritical, "A patient was flagged at risk.", nil},
}

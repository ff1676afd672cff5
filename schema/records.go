package schema

// The records say which members the catalogue's events usually carry beside
// their family's own, and what kind of data each is. Names are those that
// practice systems and the scrubber's lexicon share. Go types are for the
// reader: values are not held to them, since practices differ.

// A CRUD event carries the record itself.
type (
	userRecord struct {
		EntityID    string `json:"entity_id" phi:"person_id" doc:"The account's id."`
		Username    string `json:"username" phi:"other_id" doc:"The name for signing in."`
		Email       string `json:"email" phi:"email"`
		FirstName   string `json:"first_name" phi:"name"`
		LastName    string `json:"last_name" phi:"name"`
		Role        string `json:"role" phi:"safe" doc:"The role that the account has."`
		Status      string `json:"status" phi:"safe" doc:"Such as active, invited or disabled."`
		Password    string `json:"password" phi:"secret" doc:"Never kept: that it changed is all there is to tell."`
		MFAEnabled  bool   `json:"mfa_enabled" phi:"safe" doc:"Whether a second factor is set up."`
		ClinicianID string `json:"clinician_id" phi:"person_id" doc:"The clinician whose account it is."`
	}

	patientRecord struct {
		EntityID              string `json:"entity_id" phi:"person_id" doc:"The patient's id."`
		MRN                   string `json:"mrn" phi:"medical_record" doc:"The medical record number."`
		FirstName             string `json:"first_name" phi:"name"`
		MiddleName            string `json:"middle_name" phi:"name"`
		LastName              string `json:"last_name" phi:"name"`
		PreferredName         string `json:"preferred_name" phi:"name"`
		BirthDate             string `json:"birth_date" phi:"birth_date"`
		SSN                   string `json:"ssn" phi:"ssn" doc:"The social security number."`
		Email                 string `json:"email" phi:"email"`
		Phone                 string `json:"phone" phi:"phone"`
		Street                string `json:"street" phi:"address"`
		City                  string `json:"city" phi:"place"`
		State                 string `json:"state" phi:"safe" doc:"The state, by its two letters."`
		PostalCode            string `json:"postal_code" phi:"postal_code"`
		Pronouns              string `json:"pronouns" phi:"safe"`
		Status                string `json:"status" phi:"safe" doc:"Such as active, waitlisted or discharged."`
		PrimaryClinicianID    string `json:"primary_clinician_id" phi:"person_id"`
		EmergencyContactName  string `json:"emergency_contact_name" phi:"name"`
		EmergencyContactPhone string `json:"emergency_contact_phone" phi:"phone"`
	}

	clinicianRecord struct {
		EntityID      string `json:"entity_id" phi:"person_id" doc:"The clinician's id."`
		FirstName     string `json:"first_name" phi:"name"`
		LastName      string `json:"last_name" phi:"name"`
		Email         string `json:"email" phi:"email"`
		Phone         string `json:"phone" phi:"phone"`
		NPI           string `json:"npi" phi:"license" doc:"The National Provider Identifier."`
		LicenseNumber string `json:"license_number" phi:"license"`
		Specialty     string `json:"specialty" phi:"safe"`
		Status        string `json:"status" phi:"safe" doc:"Such as active or on_leave."`
	}

	practiceRecord struct {
		TaxID      string `json:"tax_id" phi:"ssn" doc:"The taxpayer number."`
		Street     string `json:"street" phi:"address"`
		City       string `json:"city" phi:"place"`
		State      string `json:"state" phi:"safe"`
		PostalCode string `json:"postal_code" phi:"postal_code"`
		Phone      string `json:"phone" phi:"phone"`
		Timezone   string `json:"timezone" phi:"safe"`
		Status     string `json:"status" phi:"safe"`
	}

	appointmentRecord struct {
		PatientID      string `json:"patient_id" phi:"person_id"`
		ClinicianID    string `json:"clinician_id" phi:"person_id"`
		StartsAt       string `json:"starts_at" phi:"date"`
		EndsAt         string `json:"ends_at" phi:"date"`
		LocationID     string `json:"location_id" phi:"safe"`
		Modality       string `json:"modality" phi:"safe" doc:"Such as in_person or telehealth."`
		Status         string `json:"status" phi:"safe" doc:"Such as booked, confirmed or cancelled."`
		ReasonForVisit string `json:"reason_for_visit" phi:"text"`
	}

	noteRecord struct {
		PatientID     string `json:"patient_id" phi:"person_id"`
		ClinicianID   string `json:"clinician_id" phi:"person_id"`
		AppointmentID string `json:"appointment_id" phi:"safe"`
		Template      string `json:"template" phi:"safe" doc:"The form that the note follows, such as soap."`
		Title         string `json:"title" phi:"text"`
		Status        string `json:"status" phi:"safe" doc:"Such as draft, signed or amended."`
		SignedAt      string `json:"signed_at" phi:"date"`
	}

	treatmentPlanRecord struct {
		PatientID      string   `json:"patient_id" phi:"person_id"`
		ClinicianID    string   `json:"clinician_id" phi:"person_id"`
		StartsOn       string   `json:"starts_on" phi:"date"`
		ReviewOn       string   `json:"review_on" phi:"date"`
		DiagnosisCodes []string `json:"diagnosis_codes" phi:"safe" doc:"ICD-10-CM codes."`
		Goals          string   `json:"goals" phi:"text"`
		Status         string   `json:"status" phi:"safe"`
	}

	assessmentRecord struct {
		PatientID   string `json:"patient_id" phi:"person_id"`
		ClinicianID string `json:"clinician_id" phi:"person_id"`
		Instrument  string `json:"instrument" phi:"safe" doc:"Such as phq9 or gad7."`
		Score       int64  `json:"score" phi:"safe"`
		Band        string `json:"band" phi:"safe" doc:"What the score means, such as moderate."`
		CompletedAt string `json:"completed_at" phi:"date"`
	}

	medicationRecord struct {
		PatientID    string `json:"patient_id" phi:"person_id"`
		PrescriberID string `json:"prescriber_id" phi:"person_id"`
		Drug         string `json:"drug" phi:"safe" doc:"The drug's name."`
		Rxnorm       string `json:"rxnorm" phi:"safe" doc:"The RxNorm code."`
		Dose         string `json:"dose" phi:"safe"`
		Frequency    string `json:"frequency" phi:"safe"`
		StartedOn    string `json:"started_on" phi:"date"`
		StoppedOn    string `json:"stopped_on" phi:"date"`
		Status       string `json:"status" phi:"safe"`
	}

	consentRecord struct {
		PatientID string `json:"patient_id" phi:"person_id"`
		Scope     string `json:"scope" phi:"safe" doc:"What is consented to, such as telehealth or release."`
		SignedBy  string `json:"signed_by" phi:"name"`
		SignedAt  string `json:"signed_at" phi:"date"`
		ExpiresOn string `json:"expires_on" phi:"date"`
		Method    string `json:"method" phi:"safe" doc:"Such as electronic or paper."`
		Status    string `json:"status" phi:"safe"`
	}

	documentRecord struct {
		PatientID  string `json:"patient_id" phi:"person_id"`
		UploadedBy string `json:"uploaded_by" phi:"person_id"`
		Title      string `json:"title" phi:"text"`
		FileName   string `json:"file_name" phi:"text"`
		MimeType   string `json:"mime_type" phi:"safe"`
		SizeBytes  int64  `json:"size_bytes" phi:"safe"`
		Sha256     string `json:"sha256" phi:"safe"`
	}

	messageRecord struct {
		PatientID   string `json:"patient_id" phi:"person_id"`
		SenderID    string `json:"sender_id" phi:"person_id"`
		RecipientID string `json:"recipient_id" phi:"person_id"`
		ThreadID    string `json:"thread_id" phi:"safe"`
		SubjectLine string `json:"subject_line" phi:"text"`
		SentAt      string `json:"sent_at" phi:"date"`
		Attachments int64  `json:"attachments" phi:"safe" doc:"How many there are."`
	}

	invoiceRecord struct {
		PatientID   string `json:"patient_id" phi:"person_id"`
		Number      string `json:"number" phi:"account"`
		DueOn       string `json:"due_on" phi:"date"`
		AmountMinor int64  `json:"amount_minor" phi:"safe" doc:"The sum in the currency's minor unit."`
		Currency    string `json:"currency" phi:"safe" doc:"ISO 4217."`
		Status      string `json:"status" phi:"safe"`
	}

	paymentRecord struct {
		PatientID   string `json:"patient_id" phi:"person_id"`
		InvoiceID   string `json:"invoice_id" phi:"safe"`
		Method      string `json:"method" phi:"safe" doc:"Such as card, cash or check."`
		CardLast4   string `json:"card_last4" phi:"card"`
		AmountMinor int64  `json:"amount_minor" phi:"safe" doc:"The sum in the currency's minor unit."`
		Currency    string `json:"currency" phi:"safe" doc:"ISO 4217."`
		PaidAt      string `json:"paid_at" phi:"date"`
		Status      string `json:"status" phi:"safe"`
	}

	claimRecord struct {
		PatientID      string   `json:"patient_id" phi:"person_id"`
		CoverageID     string   `json:"coverage_id" phi:"safe"`
		Number         string   `json:"number" phi:"account"`
		MemberID       string   `json:"member_id" phi:"health_plan"`
		Payer          string   `json:"payer" phi:"safe"`
		ServiceDate    string   `json:"service_date" phi:"date"`
		DiagnosisCodes []string `json:"diagnosis_codes" phi:"safe" doc:"ICD-10-CM codes."`
		ProcedureCodes []string `json:"procedure_codes" phi:"safe" doc:"CPT or HCPCS codes."`
		BilledMinor    int64    `json:"billed_minor" phi:"safe" doc:"The sum in the currency's minor unit."`
		PaidMinor      int64    `json:"paid_minor" phi:"safe" doc:"The sum in the currency's minor unit."`
		Currency       string   `json:"currency" phi:"safe" doc:"ISO 4217."`
		Status         string   `json:"status" phi:"safe"`
	}

	coverageRecord struct {
		PatientID           string `json:"patient_id" phi:"person_id"`
		Payer               string `json:"payer" phi:"safe"`
		Plan                string `json:"plan" phi:"safe"`
		MemberID            string `json:"member_id" phi:"health_plan"`
		GroupNumber         string `json:"group_number" phi:"health_plan"`
		SubscriberName      string `json:"subscriber_name" phi:"name"`
		SubscriberBirthDate string `json:"subscriber_birth_date" phi:"birth_date"`
		EffectiveOn         string `json:"effective_on" phi:"date"`
		EndsOn              string `json:"ends_on" phi:"date"`
		Status              string `json:"status" phi:"safe"`
	}

	sessionRecord struct {
		PatientID         string `json:"patient_id" phi:"person_id"`
		ClinicianID       string `json:"clinician_id" phi:"person_id"`
		AppointmentID     string `json:"appointment_id" phi:"safe"`
		StartedAt         string `json:"started_at" phi:"date"`
		EndedAt           string `json:"ended_at" phi:"date"`
		DurationMinutes   int64  `json:"duration_minutes" phi:"safe"`
		Modality          string `json:"modality" phi:"safe"`
		ProcedureCode     string `json:"procedure_code" phi:"safe" doc:"The CPT code."`
		PsychotherapyNote string `json:"psychotherapy_note" phi:"psychotherapy" doc:"Never kept: it belongs to the record alone."`
	}

	referralRecord struct {
		PatientID     string `json:"patient_id" phi:"person_id"`
		ReferrerName  string `json:"referrer_name" phi:"name"`
		ReferrerPhone string `json:"referrer_phone" phi:"phone"`
		ReferrerFax   string `json:"referrer_fax" phi:"phone"`
		ReceivedOn    string `json:"received_on" phi:"date"`
		Reason        string `json:"reason" phi:"text"`
		Status        string `json:"status" phi:"safe"`
	}

	taskRecord struct {
		PatientID  string `json:"patient_id" phi:"person_id"`
		AssigneeID string `json:"assignee_id" phi:"person_id"`
		Title      string `json:"title" phi:"text"`
		DueOn      string `json:"due_on" phi:"date"`
		Status     string `json:"status" phi:"safe"`
	}
)

// A business event carries the ids of what its process is about.
type (
	appointmentStep struct {
		AppointmentID string `json:"appointment_id" phi:"safe"`
		PatientID     string `json:"patient_id" phi:"person_id"`
		ClinicianID   string `json:"clinician_id" phi:"person_id"`
		StartsAt      string `json:"starts_at" phi:"date"`
		LocationID    string `json:"location_id" phi:"safe"`
		Modality      string `json:"modality" phi:"safe" doc:"Such as in_person or telehealth."`
		Reason        string `json:"reason" phi:"text" doc:"Why it was moved, cancelled or missed."`
	}

	intakeStep struct {
		PatientID   string   `json:"patient_id" phi:"person_id"`
		Forms       []string `json:"forms" phi:"safe" doc:"Which forms there are, by name."`
		StartedAt   string   `json:"started_at" phi:"date"`
		CompletedAt string   `json:"completed_at" phi:"date"`
	}

	noteStep struct {
		NoteID        string `json:"note_id" phi:"safe"`
		PatientID     string `json:"patient_id" phi:"person_id"`
		ClinicianID   string `json:"clinician_id" phi:"person_id"`
		AppointmentID string `json:"appointment_id" phi:"safe"`
		SignedAt      string `json:"signed_at" phi:"date"`
	}

	consentStep struct {
		ConsentID string `json:"consent_id" phi:"safe"`
		PatientID string `json:"patient_id" phi:"person_id"`
		Scope     string `json:"scope" phi:"safe" doc:"What is consented to, such as telehealth or release."`
		Reason    string `json:"reason" phi:"text"`
	}

	invoiceStep struct {
		InvoiceID string `json:"invoice_id" phi:"safe"`
		PatientID string `json:"patient_id" phi:"person_id"`
		Number    string `json:"number" phi:"account"`
		DueOn     string `json:"due_on" phi:"date"`
	}

	paymentStep struct {
		PaymentID string `json:"payment_id" phi:"safe"`
		InvoiceID string `json:"invoice_id" phi:"safe"`
		PatientID string `json:"patient_id" phi:"person_id"`
		Method    string `json:"method" phi:"safe" doc:"Such as card, cash or check."`
		Reason    string `json:"reason" phi:"text" doc:"Why it failed or was given back."`
	}

	claimStep struct {
		ClaimID     string   `json:"claim_id" phi:"safe"`
		PatientID   string   `json:"patient_id" phi:"person_id"`
		Number      string   `json:"number" phi:"account"`
		Payer       string   `json:"payer" phi:"safe"`
		ReasonCodes []string `json:"reason_codes" phi:"safe" doc:"CARC and RARC codes."`
	}

	referralStep struct {
		ReferralID   string `json:"referral_id" phi:"safe"`
		PatientID    string `json:"patient_id" phi:"person_id"`
		ReferrerName string `json:"referrer_name" phi:"name"`
		ReceivedOn   string `json:"received_on" phi:"date"`
	}

	riskStep struct {
		PatientID   string `json:"patient_id" phi:"person_id"`
		ClinicianID string `json:"clinician_id" phi:"person_id"`
		Level       string `json:"level" phi:"safe" doc:"Such as moderate or imminent."`
		Instrument  string `json:"instrument" phi:"safe" doc:"What showed it, such as cssrs."`
		FlaggedAt   string `json:"flagged_at" phi:"date"`
	}
)

// businessRecords are the records of business events by process.
var businessRecords = map[string]any{
	"appointment": appointmentStep{},
	"intake":      intakeStep{},
	"note":        noteStep{},
	"consent":     consentStep{},
	"invoice":     invoiceStep{},
	"payment":     paymentStep{},
	"claim":       claimStep{},
	"referral":    referralStep{},
	"risk":        riskStep{},
}

// An auth event carries who tried and what for.
type authRecord struct {
	UserID          string `json:"user_id" phi:"person_id" doc:"Whose account it is."`
	SessionID       string `json:"session_id" phi:"safe"`
	Role            string `json:"role" phi:"safe"`
	Permission      string `json:"permission" phi:"safe" doc:"The permission granted, withdrawn or refused."`
	Resource        string `json:"resource" phi:"safe" doc:"What it was asked for, by kind and id."`
	Factor          string `json:"factor" phi:"safe" doc:"The kind of second factor."`
	TokenID         string `json:"token_id" phi:"safe" doc:"The id of a token, never the token."`
	EmergencyReason string `json:"emergency_reason" phi:"text" doc:"Why emergency access was needed."`
}

// A system event carries where and how.
type systemRecord struct {
	Version         string `json:"version" phi:"safe" doc:"The version that runs or was deployed."`
	PreviousVersion string `json:"previous_version" phi:"safe"`
	Host            string `json:"host" phi:"safe"`
	Region          string `json:"region" phi:"safe"`
	Job             string `json:"job" phi:"safe"`
	Partner         string `json:"partner" phi:"safe" doc:"The other system of an integration."`
	DurationMs      int64  `json:"duration_ms" phi:"safe"`
	SizeBytes       int64  `json:"size_bytes" phi:"safe"`
	StartedAt       string `json:"started_at" phi:"safe"`
	EndedAt         string `json:"ended_at" phi:"safe"`
}

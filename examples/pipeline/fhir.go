package main

import (
	"encoding/json"
	"errors"
	"regexp"
	"slices"
	"strings"

	"github.com/carebus/carebus/schema"
)

// resourceTypes are the resources of FHIR R4 (https://hl7.org/fhir/R4/resourcelist.html).
var resourceTypes = strings.Fields(`Account ActivityDefinition AdverseEvent AllergyIntolerance Appointment AppointmentResponse
	AuditEvent Basic Binary BiologicallyDerivedProduct BodyStructure Bundle CapabilityStatement CarePlan CareTeam
	CatalogEntry ChargeItem ChargeItemDefinition Claim ClaimResponse ClinicalImpression CodeSystem Communication
	CommunicationRequest CompartmentDefinition Composition ConceptMap Condition Consent Contract Coverage
	CoverageEligibilityRequest CoverageEligibilityResponse DetectedIssue Device DeviceDefinition DeviceMetric
	DeviceRequest DeviceUseStatement DiagnosticReport DocumentManifest DocumentReference EffectEvidenceSynthesis
	Encounter Endpoint EnrollmentRequest EnrollmentResponse EpisodeOfCare EventDefinition Evidence EvidenceVariable
	ExampleScenario ExplanationOfBenefit FamilyMemberHistory Flag Goal GraphDefinition Group GuidanceResponse
	HealthcareService ImagingStudy Immunization ImmunizationEvaluation ImmunizationRecommendation ImplementationGuide
	InsurancePlan Invoice Library Linkage List Location Measure MeasureReport Media Medication
	MedicationAdministration MedicationDispense MedicationKnowledge MedicationRequest MedicationStatement
	MedicinalProduct MedicinalProductAuthorization MedicinalProductContraindication MedicinalProductIndication
	MedicinalProductIngredient MedicinalProductInteraction MedicinalProductManufactured MedicinalProductPackaged
	MedicinalProductPharmaceutical MedicinalProductUndesirableEffect MessageDefinition MessageHeader
	MolecularSequence NamingSystem NutritionOrder Observation ObservationDefinition OperationDefinition
	OperationOutcome Organization OrganizationAffiliation Parameters Patient PaymentNotice PaymentReconciliation
	Person PlanDefinition Practitioner PractitionerRole Procedure Provenance Questionnaire QuestionnaireResponse
	RelatedPerson RequestGroup ResearchDefinition ResearchElementDefinition ResearchStudy ResearchSubject
	RiskAssessment RiskEvidenceSynthesis Schedule SearchParameter ServiceRequest Slot Specimen SpecimenDefinition
	StructureDefinition StructureMap Subscription Substance SubstanceNucleicAcid SubstancePolymer SubstanceProtein
	SubstanceReferenceInformation SubstanceSourceMaterial SubstanceSpecification SupplyDelivery SupplyRequest Task
	TerminologyCapabilities TestReport TestScript ValueSet VerificationResult VisionPrescription`)

// registerResources adds a type such as medication_request.created for every
// resource that the catalogue doesn't have.
func registerResources(r *schema.Registry) {
	for _, name := range resourceTypes {
		typeName := entity(name) + "." + string(schema.Created)
		if _, ok := r.Lookup(typeName); !ok {
			schema.Register[schema.CRUD](r, schema.TypeInfo{
				Name: typeName, Kind: schema.KindCRUD, DataClass: schema.DataRestricted,
				Description: "A FHIR " + name + " was created.",
			})
		}
	}
}

// entity turns MedicationRequest into medication_request.
func entity(resourceType string) string {
	var b strings.Builder
	for i, c := range resourceType {
		if 'A' <= c && c <= 'Z' {
			if i > 0 {
				b.WriteByte('_')
			}
			c += 'a' - 'A'
		}
		b.WriteRune(c)
	}
	return b.String()
}

// https://hl7.org/fhir/R4/datatypes.html#id
var resourceIDGrammar = regexp.MustCompile(`^[A-Za-z0-9.-]{1,64}$`)

// decodeResource makes a CRUD event of a line of FHIR Bulk Data: a resource, or
// {"id","resource"}. The event's data is the resource as it is, its subject the
// resource's type and id.
func decodeResource(line []byte) (schema.Envelope, error) {
	var wrapped struct {
		Resource json.RawMessage `json:"resource"`
	}
	var head struct {
		ResourceType string `json:"resourceType"`
		ID           string `json:"id"`
	}
	if !json.Valid(line) {
		return schema.Envelope{}, errors.New("fhir: the line is not valid JSON; each must hold a whole resource, as `jq -c .` writes it")
	}
	resource := line
	if json.Unmarshal(line, &wrapped) == nil && len(wrapped.Resource) > 0 {
		resource = wrapped.Resource
	}
	// An error of the decoder may quote the input, so it is not passed on.
	if json.Unmarshal(resource, &head) != nil {
		return schema.Envelope{}, errors.New("fhir: the resource must be an object whose resourceType and id are strings")
	}
	if head.ResourceType == "" {
		return schema.Envelope{}, errors.New("fhir: resourceType is required")
	}
	if !slices.Contains(resourceTypes, head.ResourceType) {
		return schema.Envelope{}, errors.New("fhir: resourceType must be the name of a resource of FHIR R4")
	}
	e := schema.Envelope{
		Source: "fhir/bulk-data",
		Event: schema.CRUD{
			Entity:    entity(head.ResourceType),
			Operation: schema.Created,
			Data:      resource,
		},
	}
	if resourceIDGrammar.MatchString(head.ID) {
		e.Subject = entity(head.ResourceType) + "/" + head.ID
	}
	return e, nil
}

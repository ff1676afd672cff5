// Package telemetry names the metrics, spans and attributes of carebus, in one
// place for those that record them and for the dashboards and alerts that are
// made of them.
//
// Names are OpenTelemetry's semantic conventions of messaging where these have
// one, with messaging.system "redis", for which no value is registered; what
// they lack begins with carebus. Attributes are few and their values come from
// closed sets, or from [Names], which lets no more than so many through. None is
// taken from an event.
//
// Only OpenTelemetry's API is compiled in: whoever wants metrics brings the SDK.
package telemetry

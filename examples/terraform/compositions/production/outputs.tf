output "redis_address" {
  description = "Host and port for REDIS_URL: rediss+cluster://<username>:<password>@<address>."
  value       = module.bus.address
}

output "redis_secret_arns" {
  description = "Secrets with username and password, by role."
  value       = module.bus.secret_arns
}

output "scrub_key_secret_arn" {
  description = "Secret with CAREBUS_KEY."
  value       = module.access.scrub_key_secret_arn
}

output "lake_bucket" {
  description = "S3_BUCKET."
  value       = module.lake.bucket
}

output "lake_key_arn" {
  description = "S3_KMS_KEY_ID."
  value       = module.lake_key.arn
}

output "audit_bucket" {
  description = "Where the sink copies its audit trail: -audit-replica s3://<bucket>."
  value       = module.lake.audit_bucket
}

output "role_arns" {
  description = "Roles of producer, consumer and sink."
  value       = module.access.role_arns
}

output "auditor_role_arn" {
  description = "Role of auditors."
  value       = module.access.auditor_role_arn
}

output "subnet_ids" {
  description = "Where processes run."
  value       = module.network.subnet_ids
}

output "client_security_group_id" {
  description = "Group of the processes."
  value       = module.network.client_security_group_id
}

output "sink_log_group" {
  description = "Where the sink's log goes."
  value       = module.observability.sink_log_group
}

output "athena_workgroup" {
  description = "Where the lake is queried."
  value       = module.athena.workgroup
}

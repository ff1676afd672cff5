output "bucket" {
  description = "Bucket of the lake: S3_BUCKET of the sink."
  value       = module.lake.name
}

output "bucket_arn" {
  description = "ARN of the lake's bucket."
  value       = module.lake.arn
}

output "audit_bucket" {
  description = "Bucket of the audit trail and of CloudTrail."
  value       = module.audit.name
}

output "audit_bucket_arn" {
  description = "ARN of the audit bucket."
  value       = module.audit.arn
}

output "access_log_bucket" {
  description = "Bucket of access logs."
  value       = module.access_logs.name
}

output "role_arns" {
  description = "Roles of the processes, by role: producer, consumer, sink."
  value       = { for role, r in aws_iam_role.machine : role => r.arn }
}

output "auditor_role_arn" {
  description = "Role of auditors."
  value       = aws_iam_role.auditor.arn
}

output "scrub_key_secret_arn" {
  description = "Secret with CAREBUS_KEY, as it stands in the variable."
  value       = aws_secretsmanager_secret.scrub.arn
}

output "workgroup" {
  description = "Workgroup in which the lake is queried."
  value       = aws_athena_workgroup.this.name
}

output "database" {
  description = "Database of the lake's tables."
  value       = aws_glue_catalog_database.this.name
}

output "table" {
  description = "Table of the environment's events."
  value       = aws_glue_catalog_table.events.name
}

output "query_policy_arn" {
  description = "Policy for roles that query the lake."
  value       = aws_iam_policy.query.arn
}

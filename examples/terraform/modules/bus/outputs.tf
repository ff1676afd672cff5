output "address" {
  description = "Host and port of the cluster, for rediss+cluster:// URLs."
  value       = "${aws_elasticache_replication_group.this.configuration_endpoint_address}:6379"
}

output "secret_arns" {
  description = "Secrets with username and password in JSON, by role: producer, consumer, sink."
  value       = { for role, s in aws_secretsmanager_secret.user : role => s.arn }
}

output "node_ids" {
  description = "Names of the nodes, for alarms."
  value       = local.nodes
}

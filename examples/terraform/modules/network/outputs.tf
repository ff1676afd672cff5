output "vpc_id" {
  description = "The network."
  value       = aws_vpc.this.id
}

output "subnet_ids" {
  description = "The private subnets, one a zone."
  value       = [for s in aws_subnet.private : s.id]
}

output "client_security_group_id" {
  description = "Group for everything that publishes, consumes or carries."
  value       = aws_security_group.client.id
}

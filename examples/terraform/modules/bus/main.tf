# Redis Streams on ElastiCache for Valkey, in cluster mode: encrypted at rest and
# on the wire, reached by named users alone, never evicting, and with a replica
# in another zone that has acknowledged each write when durability is "sync".

data "aws_vpc" "this" {
  id = var.vpc_id
}

locals {
  group = "${var.name}-bus"

  # ElastiCache names its nodes like this; alarms need the names before the
  # nodes are there.
  nodes = flatten([for shard in range(var.shards) : [
    for node in range(var.replicas + 1) : format("%s-%04d-%03d", local.group, shard + 1, node + 1)
  ]])
}

resource "aws_elasticache_parameter_group" "this" {
  name        = local.group
  family      = "valkey9"
  description = "carebus: cluster mode, never evict"

  parameter {
    name  = "cluster-enabled"
    value = "yes"
  }

  # An evicted stream is lost events. When memory is full, publishing is refused.
  parameter {
    name  = "maxmemory-policy"
    value = "noeviction"
  }

  parameter {
    name  = "reserved-memory-percent"
    value = "25"
  }
}

resource "aws_elasticache_subnet_group" "this" {
  name       = local.group
  subnet_ids = var.subnet_ids
}

resource "aws_security_group" "this" {
  name        = local.group
  description = "The cache"
  vpc_id      = data.aws_vpc.this.id
}

resource "aws_vpc_security_group_ingress_rule" "clients" {
  security_group_id            = aws_security_group.this.id
  description                  = "From producers, consumers and the sink"
  referenced_security_group_id = var.client_security_group_id
  ip_protocol                  = "tcp"
  from_port                    = 6379
  to_port                      = 6379
}

resource "aws_cloudwatch_log_group" "this" {
  for_each = toset(["slow-log", "engine-log"])

  name              = "/${var.name}/bus/${each.key}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.log_key_arn
}

resource "aws_elasticache_replication_group" "this" {
  replication_group_id = local.group
  description          = "carebus event streams"

  engine               = "valkey"
  engine_version       = var.engine_version
  node_type            = var.node_type
  parameter_group_name = aws_elasticache_parameter_group.this.name
  port                 = 6379

  cluster_mode               = "enabled"
  num_node_groups            = var.shards
  replicas_per_node_group    = var.replicas
  automatic_failover_enabled = true
  multi_az_enabled           = var.replicas > 0
  durability                 = var.durability

  subnet_group_name  = aws_elasticache_subnet_group.this.name
  security_group_ids = [aws_security_group.this.id]
  user_group_ids     = [aws_elasticache_user_group.this.user_group_id]

  at_rest_encryption_enabled = true
  kms_key_id                 = var.kms_key_arn
  transit_encryption_enabled = true
  transit_encryption_mode    = "required"

  snapshot_retention_limit  = var.snapshot_days
  snapshot_window           = "03:00-04:00"
  maintenance_window        = "sun:05:00-sun:06:00"
  final_snapshot_identifier = "${local.group}-final"

  auto_minor_version_upgrade = true

  dynamic "log_delivery_configuration" {
    for_each = aws_cloudwatch_log_group.this

    content {
      destination      = log_delivery_configuration.value.name
      destination_type = "cloudwatch-logs"
      log_format       = "json"
      log_type         = log_delivery_configuration.key
    }
  }

  lifecycle {
    prevent_destroy = true # acknowledged events may not be in the lake yet
  }
}

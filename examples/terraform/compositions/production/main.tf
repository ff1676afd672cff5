# The stack for patients' events: three zones, every write on a replica before it
# is acknowledged, seven years of retention, an audit trail that nobody can delete.

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

locals {
  name        = "carebus-prod"
  environment = "production"
  account     = data.aws_caller_identity.current.account_id
  partition   = data.aws_partition.current.partition
}

module "lake_key" {
  source = "../../modules/key"

  name        = "${local.name}-lake"
  description = "Lake, audit bucket and answers of Athena"
  services = {
    CloudTrail = {
      service = "cloudtrail.amazonaws.com"
      actions = ["kms:Decrypt", "kms:DescribeKey", "kms:GenerateDataKey"]
      condition = {
        test     = "StringEquals"
        variable = "aws:SourceArn"
        values   = ["arn:${local.partition}:cloudtrail:${var.region}:${local.account}:trail/${local.name}"]
      }
    }
  }
}

module "bus_key" {
  source = "../../modules/key"

  name        = "${local.name}-bus"
  description = "Cache, snapshots and secrets"
}

module "log_key" {
  source = "../../modules/key"

  name        = "${local.name}-logs"
  description = "Logs and alarms"
  services = {
    Logs = {
      service = "logs.${var.region}.amazonaws.com"
      actions = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo"]
      condition = {
        test     = "ArnLike"
        variable = "kms:EncryptionContext:aws:logs:arn"
        values   = ["arn:${local.partition}:logs:${var.region}:${local.account}:log-group:/${local.name}/*"]
      }
    }
    Alarms = {
      service = "cloudwatch.amazonaws.com"
      actions = ["kms:Decrypt", "kms:GenerateDataKey"]
      condition = {
        test     = "StringEquals"
        variable = "aws:SourceAccount"
        values   = [local.account]
      }
    }
  }
}

module "lake" {
  source = "../../modules/lake"

  name                     = local.name
  environment              = local.environment
  kms_key_arn              = module.lake_key.arn
  retention_days           = 2557
  audit_retention_days     = 2557
  audit_lock_mode          = "COMPLIANCE"
  log_retention_days       = 2557
  intelligent_tiering_days = 30
  administrator_arns       = var.administrator_arns
}

module "network" {
  source = "../../modules/network"

  name               = local.name
  zone_count         = 3
  bucket_arns        = [module.lake.bucket_arn, module.lake.audit_bucket_arn]
  log_key_arn        = module.log_key.arn
  log_retention_days = 2557
}

module "bus" {
  source = "../../modules/bus"

  name                     = local.name
  environment              = local.environment
  vpc_id                   = module.network.vpc_id
  subnet_ids               = module.network.subnet_ids
  client_security_group_id = module.network.client_security_group_id
  kms_key_arn              = module.bus_key.arn
  log_key_arn              = module.log_key.arn
  log_retention_days       = 2557
  node_type                = "cache.r7g.large"
  shards                   = 1
  replicas                 = 2
  durability               = "sync"
}

module "observability" {
  source = "../../modules/observability"

  name               = local.name
  alarm_emails       = var.alarm_emails
  log_key_arn        = module.log_key.arn
  trail_key_arn      = module.lake_key.arn
  log_retention_days = 2557
  cache_node_ids     = module.bus.node_ids
  lake_bucket_arn    = module.lake.bucket_arn
  audit_bucket       = module.lake.audit_bucket
}

module "access" {
  source = "../../modules/access"

  name               = local.name
  environment        = local.environment
  auditor_arns       = var.auditor_arns
  bus_secret_arns    = module.bus.secret_arns
  secret_key_arn     = module.bus_key.arn
  lake_key_arn       = module.lake_key.arn
  lake_bucket_arn    = module.lake.bucket_arn
  audit_bucket_arn   = module.lake.audit_bucket_arn
  sink_log_group_arn = module.observability.sink_log_group_arn
}

module "athena" {
  source = "../../modules/athena"

  name              = local.name
  environment       = local.environment
  lake_bucket       = module.lake.bucket
  lake_key_arn      = module.lake_key.arn
  access_log_bucket = module.lake.access_log_bucket
}

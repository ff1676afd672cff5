# The lake's buckets. Objects of the lake are written once, on the condition that
# their key is free, encrypted with the lake's key, and can't be deleted before
# their time. The audit bucket can't be emptied by anyone at all.

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  # Names of buckets are global: the account keeps them apart.
  prefix = "${var.name}-${data.aws_caller_identity.current.account_id}"

  tables = ["events", "quarantine"]
  written = [for folder in concat(local.tables, ["plans", "doctor"]) :
    "arn:${data.aws_partition.current.partition}:s3:::${local.prefix}-lake/${folder}/*"
  ]
}

# Access logs, which S3 can write into a bucket neither with a lock nor with a
# key of KMS.
module "access_logs" {
  source = "../bucket"

  name              = "${local.prefix}-access-logs"
  kms_key_arn       = null
  object_lock       = null
  access_log_bucket = null
  expire            = { all = { prefix = "", days = var.log_retention_days } }
  policy_documents  = [data.aws_iam_policy_document.access_logs.json]
}

data "aws_iam_policy_document" "access_logs" {
  statement {
    sid       = "AccessLogs"
    actions   = ["s3:PutObject"]
    resources = ["arn:${data.aws_partition.current.partition}:s3:::${local.prefix}-access-logs/*"]

    principals {
      type        = "Service"
      identifiers = ["logging.s3.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

# Rules are named as etl/s3sink names its own, so that CheckLifecycle finds them.
# Plans aren't expired: they are small, and say what was in the lake.
module "lake" {
  source = "../bucket"

  name                     = "${local.prefix}-lake"
  kms_key_arn              = var.kms_key_arn
  object_lock              = { mode = "GOVERNANCE", days = var.retention_days }
  access_log_bucket        = module.access_logs.name
  intelligent_tiering_days = var.intelligent_tiering_days
  policy_documents         = [data.aws_iam_policy_document.lake.json]

  expire = { for table in local.tables : "carebus/${table}/${var.environment}" => {
    prefix = "${table}/${var.environment}/"
    days   = var.retention_days
  } }
}

data "aws_iam_policy_document" "lake" {
  statement {
    sid       = "DenyOtherEncryption"
    effect    = "Deny"
    actions   = ["s3:PutObject"]
    resources = local.written

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "StringNotEquals"
      variable = "s3:x-amz-server-side-encryption"
      values   = ["aws:kms"]
    }
  }

  statement {
    sid       = "DenyOtherKey"
    effect    = "Deny"
    actions   = ["s3:PutObject"]
    resources = local.written

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "StringNotEquals"
      variable = "s3:x-amz-server-side-encryption-aws-kms-key-id"
      values   = [var.kms_key_arn]
    }
  }

  # Whoever wakes up late may not overwrite what others have written since.
  statement {
    sid       = "DenyUnconditionalWrites"
    effect    = "Deny"
    actions   = ["s3:PutObject"]
    resources = local.written

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Null"
      variable = "s3:if-none-match"
      values   = ["true"]
    }
  }

  # Lifecycle rules go on all the same: they are S3's own.
  statement {
    sid    = "DenyDeletion"
    effect = "Deny"
    actions = [
      "s3:BypassGovernanceRetention",
      "s3:DeleteObject",
      "s3:DeleteObjectVersion",
      "s3:PutLifecycleConfiguration",
      "s3:PutObjectLegalHold",
      "s3:PutObjectRetention",
    ]
    resources = [
      "arn:${data.aws_partition.current.partition}:s3:::${local.prefix}-lake",
      "arn:${data.aws_partition.current.partition}:s3:::${local.prefix}-lake/*",
    ]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "ArnNotLike"
      variable = "aws:PrincipalArn"
      values   = var.administrator_arns
    }
  }
}

# The audit trail's copy and CloudTrail's files.
module "audit" {
  source = "../bucket"

  name              = "${local.prefix}-audit"
  kms_key_arn       = var.kms_key_arn
  object_lock       = { mode = var.audit_lock_mode, days = var.audit_retention_days }
  access_log_bucket = module.access_logs.name
  policy_documents  = [data.aws_iam_policy_document.audit.json]
  expire            = { all = { prefix = "", days = var.audit_retention_days } }
}

data "aws_iam_policy_document" "audit" {
  statement {
    sid       = "TrailCheck"
    actions   = ["s3:GetBucketAcl"]
    resources = ["arn:${data.aws_partition.current.partition}:s3:::${local.prefix}-audit"]

    principals {
      type        = "Service"
      identifiers = ["cloudtrail.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceArn"
      values   = [local.trail_arn]
    }
  }

  statement {
    sid       = "TrailWrite"
    actions   = ["s3:PutObject"]
    resources = ["arn:${data.aws_partition.current.partition}:s3:::${local.prefix}-audit/AWSLogs/${data.aws_caller_identity.current.account_id}/*"]

    principals {
      type        = "Service"
      identifiers = ["cloudtrail.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceArn"
      values   = [local.trail_arn]
    }
  }
}

locals {
  trail_arn = "arn:${data.aws_partition.current.partition}:cloudtrail:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:trail/${var.name}"
}

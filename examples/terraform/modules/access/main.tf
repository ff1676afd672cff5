# One role for each part that a process can play, with what that part does and
# no more. None may delete an object, end a lock or change a bucket.

data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

locals {
  auditors  = { for kind in ["user", "role"] : kind => [for a in var.auditor_arns : a if can(regex(":${kind}/", a))] }
  scrubbing = toset(["producer", "sink"]) # those who need the key of pseudonyms
  machines  = toset(["producer", "consumer", "sink"])
}

# CAREBUS_KEY: base64 of 48 random bytes. Whoever changes it ends the pseudonyms
# that the lake has, so its version is fixed.
ephemeral "random_password" "scrub" {
  length  = 48
  special = false
}

resource "aws_secretsmanager_secret" "scrub" {
  name        = "${var.name}/scrub-key"
  description = "CAREBUS_KEY: key of the scrubber's pseudonyms"
  kms_key_id  = var.secret_key_arn

  lifecycle {
    prevent_destroy = true # new events could no longer be joined with old ones
  }
}

resource "aws_secretsmanager_secret_version" "scrub" {
  secret_id                = aws_secretsmanager_secret.scrub.id
  secret_string_wo         = base64encode(ephemeral.random_password.scrub.result)
  secret_string_wo_version = 1
}

data "aws_iam_policy_document" "machine_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = [var.compute_service]
    }

    dynamic "condition" {
      # EC2 assumes roles for its own account's instances and sends no source.
      for_each = var.compute_service == "ec2.amazonaws.com" ? [] : [data.aws_caller_identity.current.account_id]

      content {
        test     = "StringEquals"
        variable = "aws:SourceAccount"
        values   = [condition.value]
      }
    }
  }
}

# A user shows AWS a second factor. A role's session never carries the one that its
# people signed in with: whoever lets them into the role asks for it.
data "aws_iam_policy_document" "auditor_trust" {
  dynamic "statement" {
    for_each = { for kind, arns in local.auditors : kind => arns if length(arns) > 0 }

    content {
      actions = ["sts:AssumeRole"]

      principals {
        type        = "AWS"
        identifiers = statement.value
      }

      dynamic "condition" {
        for_each = statement.key == "user" ? ["true"] : []

        content {
          test     = "Bool"
          variable = "aws:MultiFactorAuthPresent"
          values   = [condition.value]
        }
      }
    }
  }
}

resource "aws_iam_role" "machine" {
  for_each = local.machines

  name                 = "${var.name}-${each.key}"
  assume_role_policy   = data.aws_iam_policy_document.machine_trust.json
  max_session_duration = 3600
}

resource "aws_iam_role" "auditor" {
  name                 = "${var.name}-auditor"
  assume_role_policy   = data.aws_iam_policy_document.auditor_trust.json
  max_session_duration = 3600
}

# What all machines do: read their secrets.
data "aws_iam_policy_document" "secrets" {
  for_each = local.machines

  statement {
    sid     = "Secrets"
    actions = ["secretsmanager:GetSecretValue"]
    resources = concat(
      [var.bus_secret_arns[each.key]],
      contains(local.scrubbing, each.key) ? [aws_secretsmanager_secret.scrub.arn] : [],
    )
  }

  statement {
    sid       = "SecretsKey"
    actions   = ["kms:Decrypt"]
    resources = [var.secret_key_arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["secretsmanager.${data.aws_region.current.region}.amazonaws.com"]
    }
  }
}

# The sink reads what it wrote, to go on after a crash, and lists, without which
# S3 answers 403 in place of 404 for a key that is free. `busctl doctor` tries all
# that with an object of its own.
data "aws_iam_policy_document" "sink" {
  statement {
    sid     = "Objects"
    actions = ["s3:GetObject", "s3:PutObject"]
    resources = concat(
      [for folder in ["events", "plans", "quarantine"] : "${var.lake_bucket_arn}/${folder}/${var.environment}/*"],
      ["${var.lake_bucket_arn}/doctor/*", "${var.audit_bucket_arn}/audit/*"],
    )
  }

  statement {
    sid       = "List"
    actions   = ["s3:ListBucket"]
    resources = [var.lake_bucket_arn, var.audit_bucket_arn]
  }

  statement {
    sid       = "LakeKey"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.lake_key_arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["s3.${data.aws_region.current.region}.amazonaws.com"]
    }
  }

  statement {
    sid       = "Logs"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${var.sink_log_group_arn}:*"]
  }
}

# The auditor verifies: the audit trail, CloudTrail's files and the plans, which
# hold hashes and keys but no events.
data "aws_iam_policy_document" "auditor" {
  statement {
    sid       = "Read"
    actions   = ["s3:GetObject", "s3:GetObjectRetention", "s3:GetObjectVersion"]
    resources = ["${var.audit_bucket_arn}/*", "${var.lake_bucket_arn}/plans/${var.environment}/*"]
  }

  statement {
    sid = "Look"
    actions = [
      "s3:GetBucketObjectLockConfiguration",
      "s3:GetBucketPolicy",
      "s3:GetBucketVersioning",
      "s3:GetEncryptionConfiguration",
      "s3:GetLifecycleConfiguration",
      "s3:ListBucket",
      "s3:ListBucketVersions",
    ]
    resources = [var.lake_bucket_arn, var.audit_bucket_arn]
  }

  statement {
    sid       = "LakeKey"
    actions   = ["kms:Decrypt"]
    resources = [var.lake_key_arn]

    condition {
      test     = "StringEquals"
      variable = "kms:ViaService"
      values   = ["s3.${data.aws_region.current.region}.amazonaws.com"]
    }
  }

  statement {
    sid       = "Logs"
    actions   = ["logs:FilterLogEvents", "logs:GetLogEvents"]
    resources = ["${var.sink_log_group_arn}:*"]
  }
}

resource "aws_iam_policy" "secrets" {
  for_each = local.machines

  name   = "${var.name}-${each.key}-secrets"
  policy = data.aws_iam_policy_document.secrets[each.key].json
}

resource "aws_iam_role_policy_attachment" "secrets" {
  for_each = local.machines

  role       = aws_iam_role.machine[each.key].name
  policy_arn = aws_iam_policy.secrets[each.key].arn
}

resource "aws_iam_policy" "sink" {
  name   = "${var.name}-sink"
  policy = data.aws_iam_policy_document.sink.json
}

resource "aws_iam_role_policy_attachment" "sink" {
  role       = aws_iam_role.machine["sink"].name
  policy_arn = aws_iam_policy.sink.arn
}

resource "aws_iam_policy" "auditor" {
  name   = "${var.name}-auditor"
  policy = data.aws_iam_policy_document.auditor.json
}

resource "aws_iam_role_policy_attachment" "auditor" {
  role       = aws_iam_role.auditor.name
  policy_arn = aws_iam_policy.auditor.arn
}

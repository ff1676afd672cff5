# The lake as a table. Partitions are projected, so that none has to be
# registered. The columns are those of a row, as the documentation of package etl
# lists them; views with typed times come from `busctl ddl`.

data "aws_caller_identity" "current" {}

data "aws_partition" "current" {}

data "aws_region" "current" {}

locals {
  suffix   = replace(var.environment, "-", "_")
  location = "s3://${var.lake_bucket}/events/${var.environment}/"

  columns = [
    { name = "event_id", type = "string" },
    { name = "kind", type = "string" },
    { name = "severity", type = "string" },
    { name = "environment", type = "string" },
    { name = "occurred_at", type = "string" },
    { name = "occurred_at_ms", type = "bigint" },
    { name = "published_at_ms", type = "bigint" },
    { name = "source", type = "string" },
    { name = "subject", type = "string" },
    { name = "actor", type = "string" },
    { name = "tenant", type = "string" },
    { name = "correlation_id", type = "string" },
    { name = "causation_id", type = "string" },
    { name = "trace_id", type = "string" },
    { name = "schema_version", type = "int" },
    { name = "data_class", type = "string" },
    { name = "stream_id", type = "string" },
    { name = "payload", type = "string" },
  ]

  # Without a list of types a query must name one: event_type = '…' or IN.
  event_type = length(var.event_types) == 0 ? {
    "projection.event_type.type" = "injected"
    } : {
    "projection.event_type.type"   = "enum"
    "projection.event_type.values" = join(",", var.event_types)
  }
}

resource "aws_glue_catalog_database" "this" {
  name = "${replace(var.name, "-", "_")}_lake"
}

resource "aws_glue_catalog_table" "events" {
  database_name = aws_glue_catalog_database.this.name
  name          = "events_${local.suffix}"
  table_type    = "EXTERNAL_TABLE"

  parameters = merge({
    "EXTERNAL"                  = "TRUE"
    "projection.enabled"        = "true"
    "projection.year.type"      = "integer"
    "projection.year.range"     = "${var.first_year},${var.last_year}"
    "projection.year.digits"    = "4"
    "projection.month.type"     = "integer"
    "projection.month.range"    = "1,12"
    "projection.month.digits"   = "2"
    "projection.day.type"       = "integer"
    "projection.day.range"      = "1,31"
    "projection.day.digits"     = "2"
    "projection.hour.type"      = "integer"
    "projection.hour.range"     = "0,23"
    "projection.hour.digits"    = "2"
    "storage.location.template" = "${local.location}year=$${year}/month=$${month}/day=$${day}/hour=$${hour}/event_type=$${event_type}/"
  }, local.event_type)

  dynamic "partition_keys" {
    for_each = ["year", "month", "day", "hour", "event_type"]

    content {
      name = partition_keys.value
      type = "string"
    }
  }

  storage_descriptor {
    location      = local.location
    input_format  = "org.apache.hadoop.mapred.TextInputFormat"
    output_format = "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat"

    # Fails loudly on a line that is no JSON, unlike the other SerDe that Athena
    # offers.
    ser_de_info {
      serialization_library = "org.apache.hive.hcatalog.data.JsonSerDe"
    }

    dynamic "columns" {
      for_each = local.columns

      content {
        name = columns.value.name
        type = columns.value.type
      }
    }
  }
}

# Answers are as sensitive as the lake, and needed for days.
module "results" {
  source = "../bucket"

  name              = "${var.name}-${data.aws_caller_identity.current.account_id}-athena"
  kms_key_arn       = var.lake_key_arn
  object_lock       = null
  access_log_bucket = var.access_log_bucket
  noncurrent_days   = 1
  expire            = { all = { prefix = "", days = var.result_days } }
}

resource "aws_athena_workgroup" "this" {
  name = "${var.name}-lake"

  configuration {
    enforce_workgroup_configuration    = true
    publish_cloudwatch_metrics_enabled = true
    bytes_scanned_cutoff_per_query     = var.scan_limit_gb * 1024 * 1024 * 1024

    engine_version {
      selected_engine_version = "Athena engine version 3"
    }

    result_configuration {
      output_location       = "s3://${module.results.name}/results/"
      expected_bucket_owner = data.aws_caller_identity.current.account_id

      encryption_configuration {
        encryption_option = "SSE_KMS"
        kms_key_arn       = var.lake_key_arn
      }
    }
  }
}

# For roles of people who query. Nobody has it by default.
data "aws_iam_policy_document" "query" {
  statement {
    sid = "Query"
    actions = [
      "athena:GetQueryExecution",
      "athena:GetQueryResults",
      "athena:GetWorkGroup",
      "athena:StartQueryExecution",
      "athena:StopQueryExecution",
    ]
    resources = [aws_athena_workgroup.this.arn]
  }

  statement {
    sid     = "Catalogue"
    actions = ["glue:GetDatabase", "glue:GetPartitions", "glue:GetTable", "glue:GetTables"]
    resources = [
      "arn:${data.aws_partition.current.partition}:glue:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:catalog",
      aws_glue_catalog_database.this.arn,
      "arn:${data.aws_partition.current.partition}:glue:${data.aws_region.current.region}:${data.aws_caller_identity.current.account_id}:table/${aws_glue_catalog_database.this.name}/*",
    ]
  }

  statement {
    sid       = "Events"
    actions   = ["s3:GetObject"]
    resources = ["arn:${data.aws_partition.current.partition}:s3:::${var.lake_bucket}/events/${var.environment}/*"]
  }

  statement {
    sid       = "Results"
    actions   = ["s3:GetObject", "s3:PutObject"]
    resources = ["${module.results.arn}/results/*"]
  }

  statement {
    sid       = "Buckets"
    actions   = ["s3:GetBucketLocation", "s3:ListBucket"]
    resources = ["arn:${data.aws_partition.current.partition}:s3:::${var.lake_bucket}", module.results.arn]
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
}

resource "aws_iam_policy" "query" {
  name   = "${var.name}-query"
  policy = data.aws_iam_policy_document.query.json
}

# What is watched, who is told, and who touched the lake. Metrics of the library
# itself are Prometheus's: see examples/dashboards.

data "aws_caller_identity" "current" {}

resource "aws_sns_topic" "alarms" {
  name              = "${var.name}-alarms"
  kms_master_key_id = var.log_key_arn
}

data "aws_iam_policy_document" "alarms" {
  statement {
    sid       = "Alarms"
    actions   = ["sns:Publish"]
    resources = [aws_sns_topic.alarms.arn]

    principals {
      type        = "Service"
      identifiers = ["cloudwatch.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

resource "aws_sns_topic_policy" "alarms" {
  arn    = aws_sns_topic.alarms.arn
  policy = data.aws_iam_policy_document.alarms.json
}

resource "aws_sns_topic_subscription" "alarms" {
  for_each = var.alarm_emails

  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = each.key
}

resource "aws_cloudwatch_log_group" "sink" {
  name              = "/${var.name}/sink"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.log_key_arn
}

# The sink logs in JSON, with the level of log/slog.
resource "aws_cloudwatch_log_metric_filter" "errors" {
  name           = "${var.name}-sink-errors"
  log_group_name = aws_cloudwatch_log_group.sink.name
  pattern        = "{ $.level = \"ERROR\" }"

  metric_transformation {
    namespace     = var.name
    name          = "SinkErrors"
    value         = "1"
    default_value = "0"
  }
}

resource "aws_cloudwatch_metric_alarm" "sink_errors" {
  alarm_name          = "${var.name}-sink-errors"
  alarm_description   = "The sink logged an error in each of three five-minute periods: see its log."
  namespace           = var.name
  metric_name         = "SinkErrors"
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = 0
  treat_missing_data  = "breaching" # a sink that logs nothing has ended

  alarm_actions             = [aws_sns_topic.alarms.arn]
  ok_actions                = [aws_sns_topic.alarms.arn]
  insufficient_data_actions = [aws_sns_topic.alarms.arn]
}

locals {
  # For each node of the cache. At 100 % of its memory a node that doesn't evict
  # refuses writes.
  cache = {
    memory-70 = { metric = "DatabaseMemoryUsagePercentage", above = 70, text = "Memory is filling: is the sink running, and is a consumer group behind?" }
    memory-80 = { metric = "DatabaseMemoryUsagePercentage", above = 80, text = "Memory is filling: find what holds back trimming, or use larger nodes." }
    memory-90 = { metric = "DatabaseMemoryUsagePercentage", above = 90, text = "Publishing will soon be refused." }
    cpu       = { metric = "EngineCPUUtilization", above = 80, text = "The engine's one thread is near its limit: add shards." }
    evictions = { metric = "Evictions", above = 0, text = "Keys were evicted, which noeviction forbids: events may be lost." }
    lag       = { metric = "ReplicationLag", above = 10, text = "A replica is behind by seconds." }
    clients   = { metric = "CurrConnections", above = 5000, text = "Far more connections than processes need." }
  }

  alarms = { for pair in setproduct(var.cache_node_ids, keys(local.cache)) :
    "${pair[0]}-${pair[1]}" => { node = pair[0], rule = local.cache[pair[1]] }
  }
}

resource "aws_cloudwatch_metric_alarm" "cache" {
  for_each = local.alarms

  alarm_name          = each.key
  alarm_description   = each.value.rule.text
  namespace           = "AWS/ElastiCache"
  metric_name         = each.value.rule.metric
  dimensions          = { CacheClusterId = each.value.node }
  statistic           = "Maximum"
  period              = 60
  evaluation_periods  = 5
  datapoints_to_alarm = 3
  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.rule.above
  treat_missing_data  = each.value.rule.metric == "ReplicationLag" ? "notBreaching" : "missing" # a primary has none

  alarm_actions             = [aws_sns_topic.alarms.arn]
  ok_actions                = [aws_sns_topic.alarms.arn]
  insufficient_data_actions = [aws_sns_topic.alarms.arn]
}

# Who read or wrote which object, and who changed what: with digests that show
# whether files were changed or removed since.
resource "aws_cloudtrail" "this" {
  name                          = var.name
  s3_bucket_name                = var.audit_bucket
  kms_key_id                    = var.trail_key_arn
  enable_log_file_validation    = true
  is_multi_region_trail         = true
  include_global_service_events = true

  advanced_event_selector {
    name = "Management"

    field_selector {
      field  = "eventCategory"
      equals = ["Management"]
    }
  }

  advanced_event_selector {
    name = "Objects of the lake"

    field_selector {
      field  = "eventCategory"
      equals = ["Data"]
    }

    field_selector {
      field  = "resources.type"
      equals = ["AWS::S3::Object"]
    }

    field_selector {
      field       = "resources.ARN"
      starts_with = ["${var.lake_bucket_arn}/"]
    }
  }
}

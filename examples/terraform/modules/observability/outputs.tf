output "alarm_topic_arn" {
  description = "Topic of all alarms."
  value       = aws_sns_topic.alarms.arn
}

output "sink_log_group" {
  description = "Log group of the sink."
  value       = aws_cloudwatch_log_group.sink.name
}

output "sink_log_group_arn" {
  description = "ARN of the sink's log group."
  value       = aws_cloudwatch_log_group.sink.arn
}

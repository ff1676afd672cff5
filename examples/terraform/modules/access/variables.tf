variable "name" {
  description = "Prefix of all names."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,30}$", var.name))
    error_message = "The name must be 3 to 31 lower-case letters, digits and hyphens."
  }
}

variable "environment" {
  description = "Environment whose part of the lake the sink writes."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{0,31}$", var.environment))
    error_message = "The environment must be 1 to 32 lower-case letters, digits and hyphens."
  }
}

variable "compute_service" {
  description = "Where the processes run: the AWS service that takes their roles."
  type        = string
  default     = "ecs-tasks.amazonaws.com"

  validation {
    condition     = contains(["ecs-tasks.amazonaws.com", "ec2.amazonaws.com"], var.compute_service)
    error_message = "The service must be ecs-tasks.amazonaws.com or ec2.amazonaws.com."
  }
}

variable "auditor_arns" {
  description = "Who may take the auditor's role: users, with a second factor, and roles, whose sign-in must ask for one."
  type        = list(string)

  validation {
    condition     = length(var.auditor_arns) > 0 && alltrue([for a in var.auditor_arns : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:(role|user)/", a))])
    error_message = "At least one role or user must be named by its ARN."
  }
}

variable "bus_secret_arns" {
  description = "Secrets with the bus's users, by role."
  type        = map(string)

  validation {
    condition     = alltrue([for role in ["producer", "consumer", "sink"] : contains(keys(var.bus_secret_arns), role)])
    error_message = "There must be a secret for producer, consumer and sink."
  }
}

variable "secret_key_arn" {
  description = "Key that secrets are encrypted with."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:kms:", var.secret_key_arn))
    error_message = "The key must be given by its ARN."
  }
}

variable "lake_key_arn" {
  description = "Key that the lake and the audit bucket are encrypted with."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:kms:", var.lake_key_arn))
    error_message = "The key must be given by its ARN."
  }
}

variable "lake_bucket_arn" {
  description = "Bucket of the lake."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:s3:::", var.lake_bucket_arn))
    error_message = "The bucket must be given by its ARN."
  }
}

variable "audit_bucket_arn" {
  description = "Bucket of the audit trail."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:s3:::", var.audit_bucket_arn))
    error_message = "The bucket must be given by its ARN."
  }
}

variable "sink_log_group_arn" {
  description = "Log group of the sink."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:logs:", var.sink_log_group_arn))
    error_message = "The log group must be given by its ARN."
  }
}

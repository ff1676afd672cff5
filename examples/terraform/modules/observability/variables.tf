variable "name" {
  description = "Prefix of all names."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,30}$", var.name))
    error_message = "The name must be 3 to 31 lower-case letters, digits and hyphens."
  }
}

variable "alarm_emails" {
  description = "Addresses that alarms are sent to. Each must confirm once."
  type        = set(string)

  validation {
    condition     = length(var.alarm_emails) > 0 && alltrue([for a in var.alarm_emails : can(regex("^[^@ ]+@[^@ ]+$", a))])
    error_message = "At least one address must be given: alarms that reach nobody are none."
  }
}

variable "log_key_arn" {
  description = "Key that logs and alarms are encrypted with."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:kms:", var.log_key_arn))
    error_message = "The key must be given by its ARN."
  }
}

variable "trail_key_arn" {
  description = "Key that CloudTrail's files are encrypted with."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:kms:", var.trail_key_arn))
    error_message = "The key must be given by its ARN."
  }
}

variable "log_retention_days" {
  description = "For how long logs are kept."
  type        = number

  validation {
    condition     = contains([365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653], var.log_retention_days)
    error_message = "CloudWatch knows only certain numbers of days, and less than a year is too short for an investigation."
  }
}

variable "cache_node_ids" {
  description = "Nodes of the cache."
  type        = list(string)

  validation {
    condition     = length(var.cache_node_ids) > 0
    error_message = "There must be a node to watch."
  }
}

variable "lake_bucket_arn" {
  description = "Bucket whose objects' readers and writers are recorded."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:s3:::", var.lake_bucket_arn))
    error_message = "The bucket must be given by its ARN."
  }
}

variable "audit_bucket" {
  description = "Bucket that takes CloudTrail's files."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.audit_bucket))
    error_message = "The bucket must be given by its name."
  }
}

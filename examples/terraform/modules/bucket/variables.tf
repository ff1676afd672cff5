variable "name" {
  description = "Name of the bucket."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.name))
    error_message = "The name must be 3 to 63 lower-case letters, digits and hyphens."
  }
}

variable "kms_key_arn" {
  description = "Key that objects are encrypted with. null: S3's own key, for a bucket of access logs, which S3 can't write with another."
  type        = string

  validation {
    condition     = var.kms_key_arn == null || can(regex("^arn:[a-z-]+:kms:", var.kms_key_arn))
    error_message = "The key must be given by its ARN."
  }
}

variable "object_lock" {
  description = "For how long no version can be deleted. GOVERNANCE can be bypassed by those who hold s3:BypassGovernanceRetention, COMPLIANCE by nobody. null: no lock."
  type        = object({ mode = string, days = number })

  validation {
    condition     = var.object_lock == null || try(contains(["GOVERNANCE", "COMPLIANCE"], var.object_lock.mode) && var.object_lock.days >= 1, false)
    error_message = "The mode must be GOVERNANCE or COMPLIANCE, and the days 1 or more."
  }
}

variable "expire" {
  description = "After how many days objects below a prefix are deleted, by rule id."
  type        = map(object({ prefix = string, days = number }))

  validation {
    condition     = alltrue([for r in var.expire : r.days >= 1])
    error_message = "Days must be 1 or more."
  }

  validation {
    condition     = var.object_lock == null || alltrue([for r in var.expire : r.days >= try(var.object_lock.days, 0)])
    error_message = "Objects can't expire before their lock ends: the days of every rule must be those of the lock or more."
  }
}

variable "noncurrent_days" {
  description = "For how long a version is kept that something deleted or replaced."
  type        = number
  default     = 30

  validation {
    condition     = var.noncurrent_days >= 1
    error_message = "Days must be 1 or more."
  }
}

variable "intelligent_tiering_days" {
  description = "After how many days objects of 128 KiB or more move to Intelligent-Tiering. null: never."
  type        = number
  default     = null

  validation {
    condition     = var.intelligent_tiering_days == null || try(var.intelligent_tiering_days >= 0, false)
    error_message = "Days must be 0 or more."
  }
}

variable "access_log_bucket" {
  description = "Bucket that takes the server access logs. null: none, for that bucket itself."
  type        = string

  validation {
    condition     = var.access_log_bucket == null || try(length(var.access_log_bucket) >= 3, false)
    error_message = "The bucket must be given by its name."
  }
}

variable "policy_documents" {
  description = "Bucket policies in JSON that are added to the statements about TLS."
  type        = list(string)
  default     = []
}

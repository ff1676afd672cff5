variable "name" {
  description = "Prefix of all names."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,30}$", var.name))
    error_message = "The name must be 3 to 31 lower-case letters, digits and hyphens."
  }
}

variable "environment" {
  description = "Environment of the lake: ENVIRONMENT of the sink."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{0,31}$", var.environment))
    error_message = "The environment must be 1 to 32 lower-case letters, digits and hyphens."
  }
}

variable "kms_key_arn" {
  description = "Key of the lake. Scheduling it for deletion is the way to erase the whole lake."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:kms:", var.kms_key_arn))
    error_message = "The key must be given by its ARN."
  }
}

variable "retention_days" {
  description = "For how long objects are locked; the day after they may expire. Seven years are 2,557 days with two leap days."
  type        = number

  validation {
    condition     = var.retention_days >= 365
    error_message = "The lake keeps a year at least."
  }
}

variable "audit_retention_days" {
  description = "For how long the audit trail is locked. 45 CFR 164.316(b)(2)(i) asks for six years, which are 2,192 days with two leap days."
  type        = number

  validation {
    condition     = var.audit_retention_days >= 365
    error_message = "The audit trail is kept for a year at least."
  }
}

variable "audit_lock_mode" {
  description = "COMPLIANCE: nobody, the account's root included, can delete the audit trail or end its lock."
  type        = string
  default     = "COMPLIANCE"

  validation {
    condition     = contains(["GOVERNANCE", "COMPLIANCE"], var.audit_lock_mode)
    error_message = "The mode must be GOVERNANCE or COMPLIANCE."
  }
}

variable "log_retention_days" {
  description = "For how long access logs are kept."
  type        = number

  validation {
    condition     = var.log_retention_days >= 365
    error_message = "Less than a year is too short for an investigation."
  }
}

variable "intelligent_tiering_days" {
  description = "After how many days objects move to Intelligent-Tiering. null: never."
  type        = number
  default     = null

  validation {
    condition     = var.intelligent_tiering_days == null || try(var.intelligent_tiering_days >= 0, false)
    error_message = "Days must be 0 or more."
  }
}

variable "administrator_arns" {
  description = "Principals that may lift locks, place legal holds and delete, such as to purge what should not be in the lake."
  type        = list(string)

  validation {
    condition     = length(var.administrator_arns) > 0 && alltrue([for a in var.administrator_arns : can(regex("^arn:[a-z-]+:iam::[0-9]{12}:(role|user)/", a))])
    error_message = "At least one role or user must be named by its ARN; nobody could purge the lake otherwise."
  }
}

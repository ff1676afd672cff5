variable "name" {
  description = "Prefix of all names."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,30}$", var.name))
    error_message = "The name must be 3 to 31 lower-case letters, digits and hyphens."
  }
}

variable "environment" {
  description = "Environment whose events the table holds."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{0,31}$", var.environment))
    error_message = "The environment must be 1 to 32 lower-case letters, digits and hyphens."
  }
}

variable "lake_bucket" {
  description = "Bucket of the lake."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.lake_bucket))
    error_message = "The bucket must be given by its name."
  }
}

variable "lake_key_arn" {
  description = "Key of the lake, with which answers are encrypted too."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:kms:", var.lake_key_arn))
    error_message = "The key must be given by its ARN."
  }
}

variable "access_log_bucket" {
  description = "Bucket of access logs."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.access_log_bucket))
    error_message = "The bucket must be given by its name."
  }
}

variable "first_year" {
  description = "First year that queries look for: no query finds what happened before it. The sink puts an event of up to 20 years ago into the year of its time."
  type        = number
  default     = 2006

  validation {
    condition     = var.first_year >= 2000 && var.first_year <= 9999
    error_message = "The year must have four digits."
  }
}

variable "last_year" {
  description = "Last year that queries look for: no query finds what happens after it."
  type        = number
  default     = 2040

  validation {
    condition     = var.last_year >= var.first_year && var.last_year <= 9999
    error_message = "The last year must not be before the first."
  }
}

variable "event_types" {
  description = "Types of events, aliases among them, 50 at most. Empty: any, but each query must name the types that it wants."
  type        = list(string)
  default     = []

  validation {
    condition     = length(var.event_types) <= 50 && alltrue([for t in var.event_types : can(regex("^[a-z][a-z0-9_]*(\\.[a-z][a-z0-9_]*){0,4}$", t))])
    error_message = "Types must be names like user.created, 50 at most."
  }
}

variable "result_days" {
  description = "For how long answers are kept."
  type        = number
  default     = 30

  validation {
    condition     = var.result_days >= 1 && var.result_days <= 365
    error_message = "Answers are kept for 1 to 365 days."
  }
}

variable "scan_limit_gb" {
  description = "A query that would read more than this many GiB is stopped."
  type        = number
  default     = 100

  validation {
    condition     = var.scan_limit_gb >= 1
    error_message = "The limit must be 1 GiB or more."
  }
}

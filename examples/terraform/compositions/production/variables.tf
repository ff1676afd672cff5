variable "region" {
  description = "Region of everything."
  type        = string

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "The region must be one of AWS, such as us-east-1."
  }
}

variable "administrator_arns" {
  description = "Roles or users that may lift locks and purge the lake. The role that applies this must be among them."
  type        = list(string)

  validation {
    condition     = length(var.administrator_arns) > 0
    error_message = "At least one role or user must be named."
  }
}

variable "auditor_arns" {
  description = "Who may take the auditor's role: users, with a second factor, and roles, whose sign-in must ask for one."
  type        = list(string)

  validation {
    condition     = length(var.auditor_arns) > 0
    error_message = "At least one role or user must be named."
  }
}

variable "alarm_emails" {
  description = "Addresses that alarms are sent to."
  type        = set(string)

  validation {
    condition     = length(var.alarm_emails) > 0
    error_message = "At least one address must be given."
  }
}

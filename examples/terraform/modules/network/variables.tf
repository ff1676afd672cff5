variable "name" {
  description = "Prefix of all names."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,30}$", var.name))
    error_message = "The name must be 3 to 31 lower-case letters, digits and hyphens."
  }
}

variable "cidr" {
  description = "Addresses of the network, of which each zone gets a sixteenth."
  type        = string
  default     = "10.40.0.0/16"

  validation {
    condition     = can(cidrsubnet(var.cidr, 4, 0)) && can(regex("^(10\\.|172\\.(1[6-9]|2[0-9]|3[01])\\.|192\\.168\\.)", var.cidr))
    error_message = "The network must be a private IPv4 range in CIDR notation."
  }
}

variable "zone_count" {
  description = "How many availability zones are used."
  type        = number

  validation {
    condition     = var.zone_count >= 2 && var.zone_count <= 6
    error_message = "Two to six zones: a cache subnet group with one can't fail over."
  }
}

variable "bucket_arns" {
  description = "Buckets that may be reached."
  type        = list(string)

  validation {
    condition     = length(var.bucket_arns) > 0 && alltrue([for a in var.bucket_arns : can(regex("^arn:[a-z-]+:s3:::[a-z0-9-]+$", a))])
    error_message = "Buckets must be given by their ARNs."
  }
}

variable "interface_endpoints" {
  description = "AWS services that are reached through an interface endpoint, each of which is paid for by the hour and zone."
  type        = set(string)
  default     = ["kms", "logs", "monitoring", "secretsmanager", "sts"]

  validation {
    condition     = alltrue([for s in var.interface_endpoints : can(regex("^[a-z0-9.-]+$", s)) && s != "s3"])
    error_message = "Services must be written as in their endpoints' names; S3 has a gateway endpoint already."
  }
}

variable "log_key_arn" {
  description = "Key that logs are encrypted with."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:kms:", var.log_key_arn))
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

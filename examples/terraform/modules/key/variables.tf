variable "name" {
  description = "Name of the key, behind alias/."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{2,62}$", var.name))
    error_message = "The name must be 3 to 63 lower-case letters, digits and hyphens."
  }
}

variable "description" {
  description = "What the key encrypts."
  type        = string

  validation {
    condition     = length(var.description) > 0
    error_message = "A key needs a description."
  }
}

variable "services" {
  description = "AWS services that use the key by themselves, by statement id. Each must be held to a condition, so that it can't be made to use the key for another account."
  type = map(object({
    service   = string
    actions   = list(string)
    condition = object({ test = string, variable = string, values = list(string) })
  }))
  default = {}

  validation {
    condition     = alltrue(flatten([for s in var.services : [for a in s.actions : can(regex("^kms:[A-Za-z]+$", a))]]))
    error_message = "Actions must be written out: kms:Name, without wildcards."
  }
}

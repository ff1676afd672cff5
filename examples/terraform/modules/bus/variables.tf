variable "name" {
  description = "Prefix of all names. ElastiCache allows 40 characters, of which this module needs 10."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.name)) && length(var.name) <= 30
    error_message = "The name must be 30 lower-case letters, digits and single hyphens at most."
  }
}

variable "environment" {
  description = "Environment whose keys the users may reach: ENVIRONMENT of the processes."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{0,31}$", var.environment))
    error_message = "The environment must be 1 to 32 lower-case letters, digits and hyphens."
  }
}

variable "vpc_id" {
  description = "Network of the cache."
  type        = string

  validation {
    condition     = startswith(var.vpc_id, "vpc-")
    error_message = "The network must be given by its id."
  }
}

variable "subnet_ids" {
  description = "Private subnets of the cache, in two zones or more."
  type        = list(string)

  validation {
    condition     = length(var.subnet_ids) >= 2
    error_message = "With one subnet there is no other zone to fail over to."
  }
}

variable "client_security_group_id" {
  description = "Group that may connect."
  type        = string

  validation {
    condition     = startswith(var.client_security_group_id, "sg-")
    error_message = "The group must be given by its id."
  }
}

variable "kms_key_arn" {
  description = "Key that the cache, its snapshots and the users' secrets are encrypted with."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:kms:", var.kms_key_arn))
    error_message = "The key must be given by its ARN."
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

variable "engine_version" {
  description = "Version of Valkey."
  type        = string
  default     = "9.0"

  validation {
    condition     = can(regex("^9\\.[0-9]+$", var.engine_version))
    error_message = "The parameter group is for Valkey 9."
  }
}

variable "node_type" {
  description = "Size of each node."
  type        = string

  validation {
    condition     = can(regex("^cache\\.[a-z0-9]+\\.[a-z0-9]+$", var.node_type))
    error_message = "The node type must be one of ElastiCache, such as cache.r7g.large."
  }

  validation {
    condition     = !contains(["sync", "async"], var.durability) || can(regex("^cache\\.[rmc][6-8]gn?\\.", var.node_type))
    error_message = "Durability needs Graviton nodes of the families r, m or c, generation 6 or later."
  }
}

variable "shards" {
  description = "Nodes that share the streams out, each with its replicas. The bus spreads its own shards over them."
  type        = number

  validation {
    condition     = var.shards >= 1 && var.shards <= 90
    error_message = "One to 90 shards."
  }
}

variable "replicas" {
  description = "Replicas of each shard, in other zones."
  type        = number

  validation {
    condition     = var.replicas >= 1 && var.replicas <= 5
    error_message = "One to five replicas: without one a failed node takes acknowledged events with it."
  }
}

variable "durability" {
  description = "When a write is acknowledged: sync once a replica's zone has it, async before (ten seconds may be lost), disabled without a log of writes."
  type        = string

  validation {
    condition     = contains(["sync", "async", "disabled"], var.durability)
    error_message = "Durability must be sync, async or disabled."
  }
}

variable "snapshot_days" {
  description = "For how long daily snapshots are kept."
  type        = number
  default     = 35

  validation {
    condition     = var.snapshot_days > 15 && var.snapshot_days <= 35
    error_message = "16 to 35 days: the HIPAA conformance pack of AWS Config asks for more than 15, ElastiCache keeps no more than 35."
  }
}

variable "password_version" {
  description = "Raise it to give all users new passwords."
  type        = number
  default     = 1

  validation {
    condition     = var.password_version >= 1
    error_message = "Versions begin at 1."
  }
}

# Who may do what with the streams. Commands are those that the documentation of
# package eventbus lists; keys are those of one environment, whose events no
# other may see. A producer reaches no more than what publishing writes.

locals {
  connect = "+hello +auth +ping +client|setname +info +cluster|slots +cluster|shards +readonly +command"

  publish = join(" ", [
    "+multi +exec +eval +evalsha +time +wait",
    "+xadd +xlen +xsetid +xinfo|stream +get +append +strlen",
    "+hget +hmget +hset +exists +unlink +rename +renamenx +pexpire",
  ])

  consume = join(" ", [
    "+multi +exec +eval +evalsha +time +wait",
    "+xadd +xlen +xrange +xrevrange +xtrim +xdel +xsetid +xread +xreadgroup +xack +xclaim +xpending",
    "+xgroup|create +xgroup|setid +xgroup|delconsumer +xinfo|stream +xinfo|groups +xinfo|consumers",
    "+get +set +append +strlen +zadd +zrem +zrange +zremrangebyscore",
    "+hget +hmget +hset +hdel +hgetall +exists +unlink +rename +renamenx +pexpire +pttl",
  ])

  shards = "carebus:{${var.environment}.*}"

  # Consumers of a group share the shards out. The sink also keeps what belongs to
  # no shard: leases of the lake, API keys, the copy of the audit trail.
  access = {
    producer = "on resetkeys ~${local.shards}:events ~${local.shards}:appending:* ~${local.shards}:dedupe:* ~${local.shards}:layout resetchannels -@all ${local.connect} ${local.publish}"
    consumer = "on resetkeys ~${local.shards}:* ~carebus:{${var.environment}}:members:* resetchannels -@all ${local.connect} ${local.consume}"
    sink     = "on resetkeys ~${local.shards}:* ~carebus:{${var.environment}}:* resetchannels -@all ${local.connect} ${local.consume}"
  }
}

# The user that a client without a name would be.
resource "aws_elasticache_user" "default" {
  user_id              = "${var.name}-default"
  user_name            = "default"
  engine               = "valkey"
  access_string        = "off resetkeys resetchannels -@all"
  passwords_wo         = ephemeral.random_password.default.result
  passwords_wo_version = 1
}

ephemeral "random_password" "default" {
  length  = 64
  special = false
}

# Passwords go from the generator into Secrets Manager and from there to the
# cache; neither the state nor the plan holds them.
ephemeral "random_password" "user" {
  for_each = local.access

  length  = 64
  special = false # a URL takes it as it is
}

resource "aws_secretsmanager_secret" "user" {
  for_each = local.access

  name        = "${var.name}/bus/${each.key}"
  description = "User and password of the bus's ${each.key}"
  kms_key_id  = var.kms_key_arn
}

resource "aws_secretsmanager_secret_version" "user" {
  for_each = local.access

  secret_id = aws_secretsmanager_secret.user[each.key].id
  secret_string_wo = jsonencode({
    username = "${var.name}-${each.key}"
    password = ephemeral.random_password.user[each.key].result
  })
  secret_string_wo_version = var.password_version
}

ephemeral "aws_secretsmanager_secret_version" "user" {
  for_each = local.access

  secret_id = aws_secretsmanager_secret_version.user[each.key].secret_id
}

resource "aws_elasticache_user" "this" {
  for_each = local.access

  user_id              = "${var.name}-${each.key}"
  user_name            = "${var.name}-${each.key}"
  engine               = "valkey"
  access_string        = each.value
  passwords_wo         = jsondecode(ephemeral.aws_secretsmanager_secret_version.user[each.key].secret_string).password
  passwords_wo_version = var.password_version
}

resource "aws_elasticache_user_group" "this" {
  user_group_id = "${var.name}-bus"
  engine        = "valkey"
  user_ids      = concat([aws_elasticache_user.default.user_id], [for u in aws_elasticache_user.this : u.user_id])
}

CREATE EXTERNAL TABLE IF NOT EXISTS `events_pre_prod` (
  `event_id` string COMMENT 'id of the event',
  `kind` string COMMENT 'crud, auth, system or business',
  `severity` string COMMENT 'low, medium, high or critical',
  `environment` string,
  `occurred_at` string COMMENT 'RFC 3339, UTC, six digits of the second',
  `occurred_at_ms` bigint COMMENT 'the same in milliseconds since 1970',
  `published_at_ms` bigint COMMENT 'when the log took it in',
  `source` string,
  `subject` string,
  `actor` string,
  `tenant` string,
  `correlation_id` string,
  `causation_id` string,
  `trace_id` string COMMENT '32 hex digits',
  `schema_version` int COMMENT 'of the payload',
  `data_class` string COMMENT 'public, internal, confidential or restricted',
  `stream_id` string COMMENT 'the entry in its log',
  `payload` string COMMENT 'JSON: json_extract_scalar(payload, ...)'
)
PARTITIONED BY (`year` string, `month` string, `day` string, `hour` string, `event_type` string)
ROW FORMAT SERDE 'org.apache.hive.hcatalog.data.JsonSerDe'
STORED AS INPUTFORMAT 'org.apache.hadoop.mapred.TextInputFormat'
  OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'
LOCATION 's3://lake-bucket/a/events/pre-prod/'
TBLPROPERTIES (
  'projection.enabled' = 'true',
  'projection.year.type' = 'integer',
  'projection.year.range' = '2024,2035',
  'projection.year.digits' = '4',
  'projection.month.type' = 'integer',
  'projection.month.range' = '1,12',
  'projection.month.digits' = '2',
  'projection.day.type' = 'integer',
  'projection.day.range' = '1,31',
  'projection.day.digits' = '2',
  'projection.hour.type' = 'integer',
  'projection.hour.range' = '0,23',
  'projection.hour.digits' = '2',
  'projection.event_type.type' = 'enum',
  'projection.event_type.values' = 'auth.login,person.created,user.created',
  'storage.location.template' = 's3://lake-bucket/a/events/pre-prod/year=${year}/month=${month}/day=${day}/hour=${hour}/event_type=${event_type}/'
);

CREATE OR REPLACE VIEW "events_pre_prod_v" AS
SELECT
  *,
  CAST(from_iso8601_timestamp_nanos(occurred_at) AS timestamp) AS occurred_ts,
  CAST(from_unixtime(published_at_ms / 1e3, 'UTC') AS timestamp) AS published_ts
FROM "events_pre_prod";

CREATE OR REPLACE VIEW "events_pre_prod_once" AS
SELECT
  event_id, kind, severity, environment, occurred_at, occurred_at_ms, published_at_ms, source, subject, actor, tenant, correlation_id, causation_id, trace_id, schema_version, data_class, stream_id, payload, year, month, day, hour, event_type,
  CAST(from_iso8601_timestamp_nanos(occurred_at) AS timestamp) AS occurred_ts,
  CAST(from_unixtime(published_at_ms / 1e3, 'UTC') AS timestamp) AS published_ts
FROM (
  SELECT *, row_number() OVER (
    PARTITION BY year, month, day, hour, event_type, source, event_id
    ORDER BY published_at_ms, stream_id) AS copy
  FROM "events_pre_prod")
WHERE copy = 1;

CREATE EXTERNAL TABLE IF NOT EXISTS `quarantine_pre_prod` (
  `stream_id` string COMMENT 'the entry in its log',
  `reason` string,
  `transform` string COMMENT 'that refused it',
  `size` bigint COMMENT 'of the entry in bytes',
  `environment` string,
  `published_at_ms` bigint COMMENT 'when the log took it in'
)
PARTITIONED BY (`year` string, `month` string, `day` string, `hour` string)
ROW FORMAT SERDE 'org.apache.hive.hcatalog.data.JsonSerDe'
STORED AS INPUTFORMAT 'org.apache.hadoop.mapred.TextInputFormat'
  OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'
LOCATION 's3://lake-bucket/a/quarantine/pre-prod/'
TBLPROPERTIES (
  'projection.enabled' = 'true',
  'projection.year.type' = 'integer',
  'projection.year.range' = '2024,2035',
  'projection.year.digits' = '4',
  'projection.month.type' = 'integer',
  'projection.month.range' = '1,12',
  'projection.month.digits' = '2',
  'projection.day.type' = 'integer',
  'projection.day.range' = '1,31',
  'projection.day.digits' = '2',
  'projection.hour.type' = 'integer',
  'projection.hour.range' = '0,23',
  'projection.hour.digits' = '2',
  'storage.location.template' = 's3://lake-bucket/a/quarantine/pre-prod/year=${year}/month=${month}/day=${day}/hour=${hour}/'
);


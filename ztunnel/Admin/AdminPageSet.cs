namespace Ambient.Ztunnel.Admin;

internal sealed record AdminPageSet(AdminPages Admin, MetricsPages Metrics, ReadinessPages Readiness);

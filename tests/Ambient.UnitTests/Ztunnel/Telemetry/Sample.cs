using System.Net;
using Ambient.Transport.Lifetime;
using Ambient.Ztunnel.Telemetry;

namespace Ambient.UnitTests.Ztunnel.Telemetry;

internal static class Sample
{
    public static WorkloadDescription Web { get; } = new(
        "web-0", "web", "web-app", "v1", "shop", "demo", "eu", "eu-a", "spiffe://cluster.local/ns/shop/sa/web");

    public static WorkloadDescription Api { get; } = new(
        "api-0", "api", "api-app", "v2", "shop", "demo", "eu", null, "spiffe://cluster.local/ns/shop/sa/api");

    public static ConnectionDescription Outbound { get; } = new(
        TrafficDirection.Outbound,
        IPEndPoint.Parse("10.0.0.1:40000"),
        Web,
        Web.Identity,
        IPEndPoint.Parse("10.0.1.2:15008"),
        "10.0.1.2:8080",
        new ServiceDescription("api.shop.svc.cluster.local", "shop", "api"),
        Api,
        Api.Identity,
        IsMutualTls: true);

    public static ReportedFailure Failed(ResponseFlag flag, string message, string? hint = null) =>
        new(flag, new ConnectionFailure(FailurePhase.Connect, FailureSide.Upstream, FailureReason.Other, message, hint));

    public static ConnectionDescription Inbound { get; } = Outbound with { Direction = TrafficDirection.Inbound };

    public static ConnectionDescription Plaintext { get; } = new(
        TrafficDirection.Inbound,
        IPEndPoint.Parse("[fd00::1]:40000"),
        null,
        null,
        IPEndPoint.Parse("[fd00::2]:80"),
        null,
        null,
        null,
        null,
        IsMutualTls: false);
}

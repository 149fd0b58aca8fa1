using Ambient.Kube.Resources.Gateways;

namespace Ambient.Cli.Analysis;

/// <summary>A Gateway in a file has no status yet: it is looked at as it will be once it is deployed.</summary>
internal static class PlannedGateway
{
    public static Gateway Assume(Gateway gateway) => !gateway.Status.Addresses.IsEmpty ? gateway : gateway with
    {
        Status = gateway.Status with
        {
            Addresses = [new GatewayAddress { Type = "Hostname", Value = $"{gateway.Metadata.Name}.{gateway.Metadata.Namespace}.svc.cluster.local" }],
        },
    };
}

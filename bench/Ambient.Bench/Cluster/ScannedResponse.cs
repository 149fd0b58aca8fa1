namespace Ambient.Bench.Cluster;

/// <summary>What a node of the fleet looks at.</summary>
internal sealed record ScannedResponse(string TypeUrl, string Nonce, int Resources);

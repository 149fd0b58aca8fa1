namespace Ambient.Redirection.Nftables;

/// <summary>Names that other tools look for (node-proxy 7.4, 7.6).</summary>
internal static class NftTables
{
    public const string Nat = "istio-ambient-nat";
    public const string Mangle = "istio-ambient-mangle";
    public const string Raw = "istio-ambient-raw";
    public const string ProbesV4 = "istio-inpod-probes-v4";
    public const string ProbesV6 = "istio-inpod-probes-v6";
}

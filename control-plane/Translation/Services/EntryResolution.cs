using Ambient.Kube.Resources.Networking;

namespace Ambient.ControlPlane.Translation.Services;

/// <summary>How the endpoints of a ServiceEntry are found.</summary>
internal static class EntryResolution
{
    /// <summary>Connections go to the address that was asked for.</summary>
    public static bool IsPassThrough(ServiceEntrySpec entry) => entry.Resolution is not ("STATIC" or "DNS" or "DNS_ROUND_ROBIN" or "DYNAMIC_DNS");

    public static bool IsKnown(ServiceEntrySpec entry) => entry.Resolution is "" or "NONE" || !IsPassThrough(entry);

    public static bool UsesDns(ServiceEntrySpec entry) => entry.Resolution is "DNS" or "DNS_ROUND_ROBIN" or "DYNAMIC_DNS";

    public static bool IsDynamic(ServiceEntrySpec entry) => entry.Resolution == "DYNAMIC_DNS";

    public static bool IsWildcard(string host) => host.StartsWith('*');
}

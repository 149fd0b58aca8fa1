namespace Ambient.Ztunnel.Telemetry;

/// <summary>The log targets (categories). Those of the program itself are printed without <c>ztunnel::</c> in text.</summary>
internal static class LogTargets
{
    public const string Access = "access";
    public const string Dns = "dns";
    public const string App = "ztunnel::app";
    public const string Config = "ztunnel::config";
    public const string State = "ztunnel::state";
    public const string Xds = "ztunnel::xds::client";
    public const string Admin = "ztunnel::admin";
    public const string Certificates = "ztunnel::identity";
    public const string Proxy = "ztunnel::proxy";
    public const string Outbound = "ztunnel::proxy::outbound";
    public const string Inbound = "ztunnel::proxy::inbound";
    public const string InboundPlaintext = "ztunnel::proxy::inbound_passthrough";
    public const string Pool = "ztunnel::proxy::pool";
    public const string Pods = "ztunnel::inpod";
    public const string Telemetry = "ztunnel::telemetry";
    public const string Zds = "ztunnel::inpod::zds";
    public const string Policy = "ztunnel::rbac";

    private const string ProgramPrefix = "ztunnel::";

    public static ReadOnlySpan<char> Printed(string target) =>
        target.StartsWith(ProgramPrefix, StringComparison.Ordinal) ? target.AsSpan(ProgramPrefix.Length) : target;
}

using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Ambient.Ztunnel.Admin;

/// <summary>What <c>ztunnel version</c> and the <c>version</c> key of the dump say.</summary>
/// <param name="RuntimeVersion">Printed as <c>rustVersion</c> too, the key that foreign tools read.</param>
internal sealed record VersionInfo(string Version, string GitRevision, string RuntimeVersion, string BuildProfile, string IstioVersion)
    : IDumpSection
{
    public const string CryptoProvider = "openssl";

    public static VersionInfo Of(Assembly program, string? istioVersion)
    {
        string text = program.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
        string[] parts = text.Split('+', 2);
        string configuration = program.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration ?? "";
        return new VersionInfo(
            parts[0],
            parts.Length > 1 ? parts[1] : "unknown",
            RuntimeInformation.FrameworkDescription,
            configuration.ToLowerInvariant(),
            istioVersion ?? "unknown");
    }

    public override string ToString() => $"ztunnel {Version} ({GitRevision}, {RuntimeVersion}, {BuildProfile})";

    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject("version");
        json.WriteString("version", Version);
        json.WriteString("gitRevision", GitRevision);
        json.WriteString("rustVersion", RuntimeVersion);
        json.WriteString("buildProfile", BuildProfile);
        json.WriteString("buildStatus", "Unknown");
        json.WriteString("istioVersion", IstioVersion);
        json.WriteString("cryptoProvider", CryptoProvider);
        json.WriteEndObject();
    }
}

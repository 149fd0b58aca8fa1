using System.Text.Json;
using Ambient.Certs;

namespace Ambient.Ztunnel.Admin;

/// <summary>The <c>certificates</c> key of the dump (node-proxy 9.6). Certificates only; keys have no way here.</summary>
internal sealed class CertificatesSection(CertificateStore store) : IDumpSection
{
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartArray("certificates");
        foreach (CertificateState state in store.Snapshot())
        {
            json.WriteStartObject();
            json.WriteString("identity", state.Identity.ToString());
            json.WriteString("state", state.Phase switch
            {
                CertificatePhase.Available => "Available",
                CertificatePhase.Initializing => "Initializing",
                _ => $"Unavailable: {state.LastFailure ?? "expired"}",
            });
            WriteCertificates(json, "certChain", state.Certificate?.Chain);
            WriteCertificates(json, "rootCerts", state.Certificate?.Roots);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteCertificates(Utf8JsonWriter json, string key, IReadOnlyList<CertificateDescription>? certificates)
    {
        json.WriteStartArray(key);
        foreach (CertificateDescription certificate in certificates ?? [])
        {
            json.WriteStartObject();
            json.WriteString("pem", certificate.Pem);
            json.WriteString("serialNumber", certificate.SerialNumber);
            json.WriteString("validFrom", Text(certificate.NotBefore));
            json.WriteString("expirationTime", Text(certificate.NotAfter));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
}

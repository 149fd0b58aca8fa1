using System.Net;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Ambient.Lab.Mesh;
using Ambient.Lab.Network;
using Ambient.Lab.Plans;
using Ambient.Lab.Ztunnels;

namespace Ambient.Lab.Revocation;

/// <summary>Takes certificates of pods back, by the list that every ztunnel of the lab watches (node-proxy 5.6).</summary>
public static class LabRevocation
{
    private static readonly TimeSpan Validity = TimeSpan.FromDays(1);

    /// <summary>Revokes what the ztunnel of the pod's node shows for the pod. What was revoked before stays so.</summary>
    /// <returns>The serial number, in hexadecimal.</returns>
    /// <exception cref="LabException">The ztunnel does not answer, or has no certificate for the pod.</exception>
    public static async Task<string> RevokeAsync(RunningLab lab, PodPlan pod, CancellationToken cancellationToken)
    {
        byte[] serial = await FindSerialAsync(lab, pod, cancellationToken);
        string path = lab.Directory.RevocationList;
        using X509Certificate2 root = X509Certificate2.CreateFromPemFile(
            Path.Combine(lab.Directory.RootCertificates, "root-cert.pem"), Path.Combine(lab.Directory.RootCertificates, "root-key.pem"));
        BigInteger number = 0;
        CertificateRevocationListBuilder list = File.Exists(path)
            ? CertificateRevocationListBuilder.LoadPem(await File.ReadAllTextAsync(path, cancellationToken), out number)
            : new CertificateRevocationListBuilder();
        list.AddEntry(serial);
        MeshDocument.Write(path, PemEncoding.WriteString("X509 CRL", Sign(list, root, number + 1)));
        return Convert.ToHexStringLower(serial);
    }

    private static byte[] Sign(CertificateRevocationListBuilder list, X509Certificate2 root, BigInteger number)
    {
        using ECDsa key = root.GetECDsaPrivateKey()!;
        return list.Build(
            root.SubjectName,
            X509SignatureGenerator.CreateForECDsa(key),
            number,
            TimeProvider.System.GetUtcNow() + Validity,
            HashAlgorithmName.SHA256,
            X509AuthorityKeyIdentifierExtension.CreateFromCertificate(root, true, false));
    }

    private static async Task<byte[]> FindSerialAsync(RunningLab lab, PodPlan pod, CancellationToken cancellationToken)
    {
        using var http = new NamespaceHttp(pod.Node.NamespacePath);
        int port = ZtunnelSettings.PortOf(ZtunnelSettings.AdminPort, lab.ZtunnelOf(pod.Node).Generation);
        if (await http.GetAsync(port, "/config_dump", cancellationToken) is not (HttpStatusCode.OK, { } body))
        {
            throw new LabException($"The ztunnel of {pod.Node.Name} does not show its certificates.", $"Its log: {lab.Directory.ZtunnelLog(pod.Node.Name)}");
        }

        using JsonDocument dump = JsonDocument.Parse(body);
        foreach (JsonElement entry in dump.RootElement.GetProperty("certificates").EnumerateArray())
        {
            if (entry.GetProperty("identity").GetString() == $"spiffe://{pod.Spec.Principal}" && entry.GetProperty("certChain") is { } chain && chain.GetArrayLength() > 0)
            {
                string pem = Encoding.ASCII.GetString(Convert.FromBase64String(chain[0].GetProperty("pem").GetString()!));
                using X509Certificate2 leaf = X509Certificate2.CreateFromPem(pem);
                return leaf.SerialNumberBytes.ToArray();
            }
        }

        throw new LabException($"The ztunnel of {pod.Node.Name} has no certificate for pod {pod.Spec.Name}.", "Only enrolled pods have one: ambientctl lab status");
    }
}

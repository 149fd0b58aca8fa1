using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ambient.ControlPlane.Xds;
using Ambient.Mesh.Identities;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace Ambient.ControlPlane.Serving;

/// <summary>
/// Believes a client certificate that one of the mesh's authorities issued and that names one identity of the mesh (control-plane-and-cni
/// 6.2, 6.7).
/// </summary>
/// <param name="source">Whose certificates are believed.</param>
/// <param name="trustDomain">The mesh's.</param>
/// <param name="time">Tells whether the certificate is valid.</param>
public sealed class ClientCertificateCheck(ICertificateSource source, string trustDomain, TimeProvider time) : ICredentialCheck
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    public string Name => "client certificate";

    public Task<Verdict> CheckAsync(HttpContext context, CancellationToken cancellation)
    {
        X509Certificate2Collection? sent = context.Features.Get<IConnectionItemsFeature>()?.Items.TryGetValue(GrpcListener.ClientChainKey, out object? kept) == true
            ? kept as X509Certificate2Collection
            : null;
        return Task.FromResult(context.Connection.ClientCertificate is { } certificate
            ? Check(certificate, sent ?? [])
            : Verdict.Refuse("the connection has none"));
    }

    /// <param name="certificate">What the client showed.</param>
    /// <param name="intermediates">What it sent with it.</param>
    public Verdict Check(X509Certificate2 certificate, X509Certificate2Collection intermediates)
    {
        X509Certificate2Collection roots = source.Current.ClientRoots;
        if (roots.Count == 0)
        {
            return Verdict.Refuse("no authority of client certificates is configured");
        }

        try
        {
            return IsIssued(certificate, intermediates, roots) is { } problem ? Verdict.Refuse(problem) : Identify(certificate);
        }
        catch (Exception error) when (error is CryptographicException or AsnContentException)
        {
            return Verdict.Refuse($"it cannot be read: {error.Message}");
        }
    }

    private string? IsIssued(X509Certificate2 certificate, X509Certificate2Collection intermediates, X509Certificate2Collection roots)
    {
        using X509Chain chain = new();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(roots);
        chain.ChainPolicy.ExtraStore.AddRange(intermediates);
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientAuthentication));

        // Nothing is fetched on the word of a caller whom we do not know yet.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationTime = time.GetUtcNow().LocalDateTime;
        return chain.Build(certificate)
            ? null
            : "it is not one of the mesh's: " + string.Join(", ", chain.ChainStatus.Select(status => status.StatusInformation.Trim()));
    }

    private Verdict Identify(X509Certificate2 certificate)
    {
        IReadOnlyList<string> names = UriNames.Of(certificate);
        if (names.Count != 1 || !SpiffeId.TryParse(names[0], out SpiffeId id) || id.Namespace.Length == 0 || id.ServiceAccount.Length == 0)
        {
            return Verdict.Refuse($"it must name one identity spiffe://domain/ns/namespace/sa/name, and names {names.Count}: {string.Join(", ", names)}");
        }

        return id.TrustDomain == trustDomain
            ? Verdict.Accept(new CallerIdentity(id.Namespace, id.ServiceAccount, NodeName: string.Empty, PodName: string.Empty))
            : Verdict.Refuse($"{id} is not of trust domain {trustDomain}");
    }
}

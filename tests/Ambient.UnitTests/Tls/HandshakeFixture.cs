using Ambient.Testing.Certificates;
using Ambient.Testing.Tls;
using Ambient.Tls;

namespace Ambient.UnitTests.Tls;

/// <summary>One authority, a client and a server certificate, and credentials made from them.</summary>
public sealed class HandshakeFixture : IDisposable
{
    public const string ClientId = "spiffe://cluster.local/ns/default/sa/sleep";
    public const string ServerId = "spiffe://cluster.local/ns/default/sa/httpbin";

    public HandshakeFixture()
    {
        Authority = TestAuthority.CreateRoot();
        ClientCertificate = Authority.Issue(ClientId);
        ServerCertificate = Authority.Issue(ServerId);
        Client = Credentials(ClientCertificate);
        Server = Credentials(ServerCertificate);
    }

    public static TlsPeerCheck AcceptAll { get; } = _ => null;

    public TestAuthority Authority { get; }

    public TestCertificate ClientCertificate { get; }

    public TestCertificate ServerCertificate { get; }

    public TlsCredentials Client { get; }

    public TlsCredentials Server { get; }

    public static TlsCredentials Credentials(TestCertificate certificate, TlsOptions? options = null) =>
        new(certificate.ChainDer, certificate.KeyPkcs8, certificate.RootsDer, options);

    public static TlsPair Run(
        TlsCredentials client, TlsCredentials server, TlsPeerCheck? clientCheck = null, TlsPeerCheck? serverCheck = null) =>
        new TlsPair(TlsHandshake.ForClient(client, clientCheck ?? AcceptAll), TlsHandshake.ForServer(server, serverCheck ?? AcceptAll)).Run();

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
        Authority.Dispose();
    }
}

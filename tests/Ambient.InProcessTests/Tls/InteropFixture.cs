using System.Net;
using System.Net.Sockets;
using Ambient.Testing.Certificates;
using Ambient.Testing.Tls;
using Ambient.Tls;

namespace Ambient.InProcessTests.Tls;

/// <summary>Certificates of one mesh, as values and as files, and sockets on loopback.</summary>
public sealed class InteropFixture : IDisposable
{
    public const string OurId = "spiffe://cluster.local/ns/default/sa/ours";
    public const string ForeignId = "spiffe://cluster.local/ns/default/sa/foreign";
    private const string Refused = "the identity is not the expected one";

    public InteropFixture()
    {
        Authority = TestAuthority.CreateRoot();
        Ours = Authority.Issue(OurId);
        Foreign = Authority.Issue(ForeignId);
        Directory = System.IO.Directory.CreateTempSubdirectory("ambient-tls-").FullName;
        Foreign.WritePem(Directory);
    }

    public TestAuthority Authority { get; }

    public TestCertificate Ours { get; }

    public TestCertificate Foreign { get; }

    public string Directory { get; }

    /// <summary>Accepts the foreign program's identity alone.</summary>
    public static TlsPeerCheck ExpectForeign { get; } = peer => peer.UriSans.Contains(ForeignId) ? null : Refused;

    public string File(string name) => Path.Combine(Directory, name);

    public TlsCredentials Credentials(params TlsSuite[] suites) => new(
        Ours.ChainDer, Ours.KeyPkcs8, Ours.RootsDer, suites.Length == 0 ? null : new TlsOptions { Suites = suites });

    public static TcpListener Listen()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return listener;
    }

    public static string Address(TcpListener listener) => $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    /// <summary>Accepts one connection and takes it through the handshake.</summary>
    public static async Task<TlsTestConnection?> AcceptAsync(TcpListener listener, TlsHandshake handshake, CancellationToken cancellation)
    {
        TcpClient client = await listener.AcceptTcpClientAsync(cancellation);
        return await TlsTestConnection.OpenAsync(client.GetStream(), handshake, cancellation);
    }

    public static async Task<TlsTestConnection?> ConnectAsync(int port, TlsHandshake handshake, CancellationToken cancellation)
    {
        var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, port, cancellation);
        return await TlsTestConnection.OpenAsync(client.GetStream(), handshake, cancellation);
    }

    public void Dispose()
    {
        Authority.Dispose();
        System.IO.Directory.Delete(Directory, recursive: true);
    }
}

using Ambient.Testing.Certificates;
using Ambient.Tls;

namespace Ambient.UnitTests.Tls;

/// <summary>Credentials whose certificate is wrong in one way, but which trust the real root, so that only the other side refuses.</summary>
internal sealed class WrongPeer : IDisposable
{
    private WrongPeer(TlsCredentials credentials) => Credentials = credentials;

    public TlsCredentials Credentials { get; }

    public static WrongPeer Make(TestCertificate certificate, byte[] realRoot) =>
        new(HandshakeFixture.Credentials(certificate with { RootsDer = [realRoot] }));

    public void Dispose() => Credentials.Dispose();
}

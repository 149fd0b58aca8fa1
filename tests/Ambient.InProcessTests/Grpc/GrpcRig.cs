using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Ambient.Grpc;
using Ambient.Testing.Certificates;
using Google.Protobuf.WellKnownTypes;

namespace Ambient.InProcessTests.Grpc;

/// <summary>What the tests of gRPC calls share: one method of two well-known messages, and TLS on both sides.</summary>
internal static class GrpcRig
{
    public static GrpcMethod<StringValue, StringValue> Echo { get; } =
        new("/test.Echo/Say", bytes => StringValue.Parser.ParseFrom(bytes));

    public static StringValue Text(string text) => new() { Value = text };

    public static GrpcChannel Channel(Uri address, TestAuthority? root = null) => new(new GrpcChannelOptions
    {
        Address = address,
        Tls = root is null ? null : () => Trusting(root),
    });

    public static SslClientAuthenticationOptions Trusting(TestAuthority root)
    {
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificate(root.RootDer));
        return new SslClientAuthenticationOptions { CertificateChainPolicy = policy };
    }

    public static X509Certificate2 ServerCertificate(TestAuthority root, params string[] names) =>
        root.Issue(new TestCertificateSpec { DnsSans = names }).ToX509();
}

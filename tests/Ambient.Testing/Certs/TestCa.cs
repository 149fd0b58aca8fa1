using System.Collections.Concurrent;
using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Ambient.Certs.Authority;
using Ambient.Testing.Certificates;
using Ambient.Testing.Grpc;

namespace Ambient.Testing.Certs;

/// <summary>A certificate authority over gRPC with TLS, as strict about requests as node-proxy 5.2 says; tests may script its answers.</summary>
public sealed class TestCa : IAsyncDisposable
{
    private const string Method = "/istio.v1.auth.IstioCertificateService/CreateCertificate";
    private const int InvalidArgument = 3;

    private readonly TestAuthority _issuer;
    private readonly ConcurrentQueue<TestCaRequest> _requests = new();
    private GrpcTestServer _server = null!;

    private TestCa(TestAuthority issuer) => _issuer = issuer;

    public Uri Address => _server.Address;

    /// <summary>Requests that were well formed, in order of arrival.</summary>
    public IReadOnlyList<TestCaRequest> Requests => [.. _requests];

    public int ConnectionCount => _server.ConnectionCount;

    /// <summary>Answers instead of the authority: the elements of the chain, or null when the script has finished the call itself.</summary>
    public Func<TestCaRequest, GrpcServerCall, Task<IReadOnlyList<string>?>>? Script { get; set; }

    public TimeSpan Validity { get; set; } = TimeSpan.FromHours(24);

    /// <param name="issuer">Signs what is asked for.</param>
    /// <param name="server">The server's own certificate.</param>
    /// <param name="port">0 takes a free one.</param>
    public static async Task<TestCa> StartAsync(TestAuthority issuer, X509Certificate2 server, int port = 0)
    {
        TestCa authority = new(issuer);
        authority._server = await GrpcTestServer.StartAsync(authority.AnswerAsync, new GrpcTestServerOptions { Certificate = server, Port = port });
        return authority;
    }

    public static X509Certificate2 ServerCertificate(TestAuthority issuer, params string[] names) => issuer.Issue(new TestCertificateSpec
    {
        DnsSans = names,
        ExtendedKeyUsages = [TestCertificateSpec.ServerAuth],
    }).ToX509();

    /// <summary>A correct answer: leaf, intermediates, roots.</summary>
    public IReadOnlyList<string> Issue(TestCaRequest request)
    {
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        return
        [
            .. _issuer.Certify(request.Key, request.Name, now.AddMinutes(-2), now + Validity).Select(Pem),
            Pem(_issuer.RootDer),
        ];
    }

    public static string Pem(byte[] der) => PemEncoding.WriteString("CERTIFICATE", der) + "\n";

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task AnswerAsync(GrpcServerCall call)
    {
        if (call.Path != Method || await call.ReadAsync(IstioCertificateRequest.Parser) is not { } message)
        {
            call.Finish(InvalidArgument, "not a request for a certificate");
            return;
        }

        TestCaRequest request;
        try
        {
            request = Read(message, call);
        }
        catch (CryptographicException wrong)
        {
            call.Finish(InvalidArgument, wrong.Message);
            return;
        }

        _requests.Enqueue(request);
        if (await (Script?.Invoke(request, call) ?? Task.FromResult<IReadOnlyList<string>?>(Issue(request))) is { } chain)
        {
            IstioCertificateResponse answer = new();
            answer.CertChain.AddRange(chain);
            await call.WriteAsync(answer);
            call.Finish(0);
        }
    }

    private static TestCaRequest Read(IstioCertificateRequest message, GrpcServerCall call)
    {
        CertificateRequest request = CertificateRequest.LoadSigningRequestPem(
            message.Csr, HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions);
        X509Extension name = request.CertificateExtensions is [{ } only] ? only : throw new CryptographicException("a request must ask for one extension");
        using ECDsa? key = request.PublicKey.GetECDsaPublicKey();
        if (request.SubjectName.Name.Length != 0 || !name.Critical || name.Oid!.Value != "2.5.29.17" || key is not { KeySize: 256 })
        {
            throw new CryptographicException("a request must have no subject, one critical name and a P-256 key");
        }

        AsnReader names = new AsnReader(name.RawData, AsnEncodingRules.DER).ReadSequence();
        string identity = names.ReadCharacterString(UniversalTagNumber.IA5String, new Asn1Tag(TagClass.ContextSpecific, 6));
        names.ThrowIfNotEmpty();
        return new TestCaRequest(
            identity,
            message.Metadata?.Fields["ImpersonatedIdentity"].StringValue,
            message.ValidityDuration,
            request.PublicKey,
            name,
            call.Context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase));
    }
}

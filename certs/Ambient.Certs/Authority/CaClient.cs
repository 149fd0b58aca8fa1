using System.Security.Cryptography;
using Ambient.Grpc;
using Ambient.Mesh.Identities;
using Google.Protobuf.WellKnownTypes;

namespace Ambient.Certs.Authority;

/// <summary>
/// Asks a certificate authority over gRPC (node-proxy 5.1). Private keys are made here, one for each request, and never leave the process.
/// </summary>
public sealed class CaClient : ICertificateSource, IDisposable
{
    private static readonly GrpcMethod<IstioCertificateRequest, IstioCertificateResponse> CreateCertificate = new(
        "/istio.v1.auth.IstioCertificateService/CreateCertificate", static bytes => IstioCertificateResponse.Parser.ParseFrom(bytes));

    private readonly CaClientOptions _options;
    private readonly AuthorityChannel _channel;

    public CaClient(CaClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        _channel = new AuthorityChannel(options);
    }

    public async ValueTask<WorkloadCertificate> FetchAsync(SpiffeId identity, CancellationToken cancellation)
    {
        using SigningRequest signing = new(identity);
        IstioCertificateResponse answer = await AskAsync(BuildRequest(identity, signing), cancellation);
        IssuedChain issued = IssuedChain.Parse(answer.CertChain, signing.ExportPublicKey());
        byte[] privateKey = signing.ExportPrivateKey();
        try
        {
            return new WorkloadCertificate(identity, issued.ChainDer, privateKey, issued.RootsDer);
        }
        catch (CryptographicException failure)
        {
            throw new CertificateFetchException($"a certificate of the authority's answer does not parse: {failure.Message}", failure);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(privateKey);
        }
    }

    public void Dispose() => _channel.Dispose();

    private IstioCertificateRequest BuildRequest(SpiffeId identity, SigningRequest signing)
    {
        IstioCertificateRequest request = new() { Csr = signing.Pem, ValidityDuration = (long)_options.Validity.TotalSeconds };
        if (_options.Impersonates)
        {
            request.Metadata = new Struct { Fields = { ["ImpersonatedIdentity"] = Value.ForString(identity.ToString()) } };
        }

        return request;
    }

    private async Task<IstioCertificateResponse> AskAsync(IstioCertificateRequest request, CancellationToken cancellation)
    {
        try
        {
            IReadOnlyList<KeyValuePair<string, string>> headers = await _options.Headers(cancellation);
            using AuthorityChannel.Lease lease = _channel.Rent();
            GrpcCallOptions call = new() { Headers = _ => ValueTask.FromResult(headers), Deadline = _options.Deadline };
            return await lease.Channel.CallAsync(CreateCertificate, request, call, cancellation);
        }
        catch (GrpcException failure)
        {
            throw new CertificateFetchException(CallFailures.Describe(failure, _options), failure);
        }
        catch (Exception failure) when (failure is IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new CertificateFetchException(failure.Message, failure);
        }
    }
}

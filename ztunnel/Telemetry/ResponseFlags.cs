namespace Ambient.Ztunnel.Telemetry;

internal static class ResponseFlags
{
    public static string Label(ResponseFlag flag) => flag switch
    {
        ResponseFlag.None => "-",
        ResponseFlag.Deny => "DENY",
        ResponseFlag.TlsFailure => "TLS_FAILURE",
        ResponseFlag.Http2HandshakeFailure => "H2_HANDSHAKE_FAILURE",
        ResponseFlag.NetworkPolicy => "NETWORK_POLICY",
        ResponseFlag.IdentityError => "IDENTITY_ERROR",
        ResponseFlag.CertificateRevoked => "CERT_REVOKED",
        _ => "CONNECT",
    };
}

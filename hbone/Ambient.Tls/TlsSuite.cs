namespace Ambient.Tls;

/// <summary>The TLS 1.3 cipher suites of HBONE (node-proxy 1.1.1). The values are the IANA code points.</summary>
public enum TlsSuite
{
    /// <summary>TLS_AES_128_GCM_SHA256.</summary>
    Aes128GcmSha256 = 0x1301,

    /// <summary>TLS_AES_256_GCM_SHA384.</summary>
    Aes256GcmSha384 = 0x1302,
}

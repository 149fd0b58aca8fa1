namespace Ambient.ControlPlane.Serving;

/// <summary>Where the server's certificate comes from.</summary>
public interface ICertificateSource
{
    /// <summary>The one in force; asked for every new connection, so it must be at hand.</summary>
    ServerCertificate Current { get; }
}

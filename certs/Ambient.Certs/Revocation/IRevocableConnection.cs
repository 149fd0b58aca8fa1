namespace Ambient.Certs.Revocation;

/// <summary>A live connection whose peer's certificate may be revoked while it lasts.</summary>
public interface IRevocableConnection
{
    /// <summary>Ends the connection. Called on any thread, at most once for each registration; must not block or throw.</summary>
    void Revoke();
}

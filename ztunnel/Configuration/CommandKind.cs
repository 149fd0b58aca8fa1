namespace Ambient.Ztunnel.Configuration;

internal enum CommandKind
{
    Proxy,
    Version,
    Help,
    Unknown,
}

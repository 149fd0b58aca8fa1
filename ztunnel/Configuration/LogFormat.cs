namespace Ambient.Ztunnel.Configuration;

internal enum LogFormat
{
    Plain,
    Json,
}

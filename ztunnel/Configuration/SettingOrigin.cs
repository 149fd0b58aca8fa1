namespace Ambient.Ztunnel.Configuration;

internal enum SettingOrigin
{
    Environment,
    Flag,
}

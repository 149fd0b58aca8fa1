namespace Ambient.Ztunnel.Admin;

internal enum PodConnectionProtocol
{
    Tcp,
    Hbone,
    DoubleHbone,
}

namespace Ambient.Ztunnel.Configuration;

internal enum BindScope
{
    /// <summary>127.0.0.1, and ::1 where the namespace has it.</summary>
    Localhost,

    /// <summary>Every address of both families.</summary>
    Any,

    /// <summary>One address.</summary>
    Address,
}

namespace Ambient.Lab.Programs;

/// <summary>The ambientctl program, for running parts of it inside pods.</summary>
public static class OwnProgram
{
    private const string Name = "ambientctl";

    /// <summary>The running program where that is ambientctl, else the one beside this library (a test runs under another host).</summary>
    public static string Path { get; } =
        System.IO.Path.GetFileName(Environment.ProcessPath) == Name ? Environment.ProcessPath! : System.IO.Path.Combine(AppContext.BaseDirectory, Name);
}

namespace Ambient.Lab.Programs;

/// <summary>Finds the ztunnel program that the lab starts.</summary>
public static class ZtunnelProgram
{
    public const string Variable = "AMBIENT_ZTUNNEL";

    /// <summary>The option, else the environment, else beside this program, else where a build of the repository puts it.</summary>
    /// <exception cref="LabException">None of the places has it.</exception>
    public static string Find(string? option)
    {
        string? named = option ?? Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(named))
        {
            return File.Exists(named)
                ? Path.GetFullPath(named)
                : throw new LabException($"There is no ztunnel program at {named}.", $"Correct --ztunnel or {Variable}.");
        }

        string[] places = [Path.Combine(AppContext.BaseDirectory, "ztunnel"), BesideOwnBuild()];
        return places.FirstOrDefault(File.Exists)
            ?? throw new LabException($"The ztunnel program is in none of {string.Join(", ", places)}.", $"Build it with ./dev build, or name it with --ztunnel or {Variable}.");
    }

    /// <summary>artifacts/bin/PROJECT/CONFIGURATION/ holds every program of one build.</summary>
    private static string BesideOwnBuild()
    {
        string own = AppContext.BaseDirectory.TrimEnd('/');
        return Path.GetFullPath(Path.Combine(own, "..", "..", "Ambient.Ztunnel", Path.GetFileName(own), "ztunnel"));
    }
}

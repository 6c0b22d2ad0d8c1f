using System.Collections.Immutable;

namespace ActorFlow.Core.Workflows.Deciding;

/// <summary>
/// Makes a decision that threw again, without the part that threw: its task fails with <see cref="ErrorTypes.InternalError"/>, or the
/// command is refused. No caller has to repeat the command. If that throws too, the whole run fails.
/// </summary>
internal sealed class DecisionRescue(WorkflowState state, WorkflowCommand command, DateTimeOffset now, double roll)
{
    /// <summary>How many parts of one decision may throw before the run fails.</summary>
    private const int MostFaults = 10;

    private readonly HashSet<Blame> _blamed = [];
    private readonly ImmutableArray<DecisionFault>.Builder _faults = ImmutableArray.CreateBuilder<DecisionFault>();

    public Decision Decide(Exception first)
    {
        for (var error = first; Takes(error);)
        {
            try
            {
                return WorkflowDecider.TryDecide(state, command, now, roll, _blamed) with { Faults = _faults.ToImmutable() };
            }
            catch (Exception next)
            {
                error = next;
            }
        }

        return (GiveUp() ?? Refused) with { Faults = _faults.ToImmutable() };
    }

    private static Decision Refused => new Decision.Refused("internal", "The run could not decide on this command; the node's log says why.");

    /// <summary>Records the part that threw.</summary>
    /// <returns>Whether another try may help: not if the same part threw before, or if the command can be refused.</returns>
    private bool Takes(Exception error)
    {
        var blamed = error as BlamedException;
        _faults.Add(new(blamed?.Task ?? TaskOf(command), blamed?.InnerException ?? error));
        return _blamed.Add(blamed?.Blame ?? Blame.Command) && _faults.Count < MostFaults && (blamed is not null || !MayBeRefused);
    }

    /// <summary>Whether the command has a sender who waits for an answer, so that a refusal loses nothing.</summary>
    private bool MayBeRefused =>
        command is not (WorkflowCommand.Report or WorkflowCommand.ChildEnded or WorkflowCommand.ChildRefused or WorkflowCommand.ResolveChild
            or WorkflowCommand.Tick or WorkflowCommand.Continue);

    private string TaskOf(WorkflowCommand about)
    {
        var attempt = about switch
        {
            WorkflowCommand.Report report => report.Attempt,
            WorkflowCommand.ChildEnded ended => ended.Attempt,
            WorkflowCommand.ChildRefused refused => refused.Attempt,
            WorkflowCommand.ResolveChild resolved => resolved.Attempt,
            _ => null,
        };
        return attempt is not null && state is WorkflowState.Open open && open.Run.Find(attempt.Execution) is not null ? open.Run.PathOf(attempt.Execution) : string.Empty;
    }

    /// <summary>Fails the run: first in good order, and if that throws too, at once.</summary>
    private Decision? GiveUp()
    {
        if (MayBeRefused || state is not WorkflowState.Open open)
        {
            return null;
        }

        var error = InternalError(string.Empty);
        foreach (var atOnce in (ReadOnlySpan<bool>)[false, true])
        {
            try
            {
                if (new RunDecision(open.Copy(), now, roll) { Blamed = _blamed }.GiveUp(error, atOnce) is { } decision)
                {
                    return decision;
                }
            }
            catch (Exception next)
            {
                _faults.Add(new(string.Empty, next));
            }
        }

        return null;
    }

    public static TaskError InternalError(string task) =>
        new(ErrorTypes.InternalError, "The engine could not decide how to go on with this; the node's log says why.", task);
}

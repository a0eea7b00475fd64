# Counts and changes the replicas of a file, and fails as it is told.
verb=$1 file=$2 replicas=$3
case $verb in
  count) cat "$file" 2>/dev/null || printf 1 ;;
  hang) exec sleep 60 ;;
  scale)
    echo "$TIDEWATCH_REPLICAS $TIDEWATCH_IDEMPOTENCY_KEY" >>"$file.log"
    echo canary-secret >&2
    [ "$(wc -l <"$file.log")" -gt "${FAIL_TIMES:-0}" ] || exit "${FAIL_STATUS:-1}"
    printf %s "$replicas" >"$file"
    ;;
esac
